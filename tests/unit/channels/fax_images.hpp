#pragma once

#include <cstdint>
#include <string>

namespace switchboard::channels {

/// A little-endian TIFF of blank 16x16 bilevel pages, written by hand so that tests can break it where they want.
inline std::string make_tiff(int pages) {
    const auto u16 = [](std::string& out, unsigned v) {
        out += static_cast<char>(v & 0xFF);
        out += static_cast<char>(v >> 8 & 0xFF);
    };
    const auto u32 = [&](std::string& out, unsigned v) {
        u16(out, v & 0xFFFF);
        u16(out, v >> 16);
    };
    constexpr unsigned strip_bytes = 32, tags = 8, page_bytes = strip_bytes + 2 + tags * 12 + 4;
    std::string out = "II*";
    out += '\0';
    u32(out, 8 + strip_bytes);
    for (int page = 0; page < pages; ++page) {
        const auto strip = static_cast<unsigned>(out.size());
        out.append(strip_bytes, '\0');
        u16(out, tags);
        const unsigned entries[tags][4] = {{256, 3, 1, 16}, {257, 3, 1, 16},         {258, 3, 1, 1},
                                           {259, 3, 1, 1},  {262, 3, 1, 0},          {273, 4, 1, strip},
                                           {278, 3, 1, 16}, {279, 4, 1, strip_bytes}};
        for (const auto& [tag, type, count, value] : entries) {
            u16(out, tag);
            u16(out, type);
            u32(out, count);
            u32(out, value);
        }
        u32(out, page + 1 < pages ? strip + page_bytes + strip_bytes : 0);
    }
    return out;
}

inline std::string make_pdf(int pages) {
    std::string out =
        "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type /Pages /Kids [] /Count " +
        std::to_string(pages) + ">>\nendobj\n";
    for (int page = 0; page < pages; ++page)
        out += std::to_string(page + 3) + " 0 obj\n<< /Type /Page /Parent 2 0 R >>\nendobj\n";
    return out + "trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n";
}

} // namespace switchboard::channels
