#include "channels/email/attachment_name.hpp"

#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>

namespace switchboard::channels::email {
namespace {

struct extension {
    std::string_view media_type;
    std::string_view suffix;
};

constexpr std::array extensions{
    extension{"application/pdf", ".pdf"},
    extension{"application/pgp-encrypted", ".asc"},
    extension{"application/pgp-signature", ".asc"},
    extension{"application/pkcs7-mime", ".p7m"},
    extension{"application/x-pkcs7-mime", ".p7m"},
    extension{"application/pkcs7-signature", ".p7s"},
    extension{"application/x-pkcs7-signature", ".p7s"},
    extension{"application/zip", ".zip"},
    extension{"application/json", ".json"},
    extension{"application/msword", ".doc"},
    extension{"application/vnd.ms-excel", ".xls"},
    extension{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"},
    extension{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"},
    extension{"audio/mpeg", ".mp3"},
    extension{"audio/wav", ".wav"},
    extension{"audio/x-wav", ".wav"},
    extension{"image/bmp", ".bmp"},
    extension{"image/gif", ".gif"},
    extension{"image/jpeg", ".jpg"},
    extension{"image/jpg", ".jpg"},
    extension{"image/png", ".png"},
    extension{"image/svg+xml", ".svg"},
    extension{"image/tiff", ".tif"},
    extension{"image/webp", ".webp"},
    extension{"message/rfc822", ".eml"},
    extension{"message/global", ".eml"},
    extension{"text/calendar", ".ics"},
    extension{"text/css", ".css"},
    extension{"text/csv", ".csv"},
    extension{"text/html", ".html"},
    extension{"text/plain", ".txt"},
    extension{"text/rfc822-headers", ".txt"},
    extension{"message/delivery-status", ".txt"},
    extension{"text/rtf", ".rtf"},
    extension{"application/rtf", ".rtf"},
    extension{"text/vcard", ".vcf"},
    extension{"text/x-vcard", ".vcf"},
    extension{"text/xml", ".xml"},
    extension{"application/xml", ".xml"},
    extension{"video/mp4", ".mp4"},
};

} // namespace

std::string attachment_name(std::string_view claimed, std::string_view media_type) {
    constexpr std::size_t longest = 200;
    auto name = plain_file_name(claimed, longest);
    std::ranges::replace_if(name, [](char c) { return c == '/' || c == '\\'; }, '_');
    while (name.starts_with('.')) name.erase(0, 1); // ".." and hidden files
    if (!name.empty()) return name;
    const auto known = std::ranges::find(extensions, media_type, &extension::media_type);
    return "attachment" + std::string(known == extensions.end() ? ".bin" : known->suffix);
}

std::string media_type_of_name(std::string_view name) {
    const auto dot = name.rfind('.');
    const std::string suffix = dot == std::string_view::npos ? std::string() : lower_ascii(name.substr(dot));
    const auto known = std::ranges::find(extensions, suffix, &extension::suffix);
    return std::string(known == extensions.end() ? "application/octet-stream" : known->media_type);
}

} // namespace switchboard::channels::email
