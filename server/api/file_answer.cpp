#include "api/file_answer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace switchboard::api {
namespace {

constexpr std::array shown_inline{"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"};

} // namespace

/// Only what stands safely in the extended form.
std::string disposition(bool shown, std::string_view name) {
    std::string encoded;
    for (const char c : name) {
        const auto code = static_cast<unsigned char>(c);
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
            c == '_')
            encoded += c;
        else
            encoded += fmt::format("%{:02X}", code);
    }
    return fmt::format("{}; filename*=UTF-8''{}", shown ? "inline" : "attachment", encoded);
}

http::pairs harmless(std::string how, std::string cache) {
    return {{"Content-Disposition", std::move(how)},
            {"X-Content-Type-Options", "nosniff"},
            {"Content-Security-Policy", "default-src 'none'; sandbox"},
            {"Cache-Control", std::move(cache)}};
}

http::response file_answer(std::string_view name, const std::string& type, std::string content, bool show) {
    const bool safe = std::ranges::find(shown_inline, type) != shown_inline.end();
    http::response out{.content_type = safe ? type : "application/octet-stream", .body = std::move(content)};
    out.headers = harmless(disposition(safe && show, name));
    return out;
}

} // namespace switchboard::api
