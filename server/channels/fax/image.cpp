#include "channels/fax/image.hpp"

#include "channels/fax/pdf.hpp"
#include "channels/fax/tiff.hpp"

namespace switchboard::channels {

std::string sniff_image(std::string_view bytes) {
    using namespace std::string_view_literals;
    for (const auto magic : {"II*\0"sv, "MM\0*"sv, "II+\0"sv, "MM\0+"sv})
        if (bytes.starts_with(magic)) return "image/tiff";
    // Readers accept the PDF mark anywhere in the first kilobyte, and printers put their own lines before it.
    if (bytes.substr(0, 1024).contains("%PDF-")) return "application/pdf";
    return "";
}

image_facts look_at_image(std::string_view bytes) {
    const auto type = sniff_image(bytes);
    if (type == "image/tiff") return look_at_tiff(bytes);
    if (type == "application/pdf") return look_at_pdf(bytes);
    return {.type = "", .pages = {}, .damaged = true};
}

} // namespace switchboard::channels
