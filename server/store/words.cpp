#include "store/words.hpp"

namespace switchboard::store {

std::string like_pattern(std::string_view words) {
    return "%" + like_beginning(words);
}

std::string like_beginning(std::string_view words) {
    std::string out;
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '\\') out += '\\';
        out += c;
    }
    return out + "%";
}

bool can_be_looked_up(std::string_view words) {
    int row = 0;
    for (const char c : words) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0) == 0x80) continue; // the rest of a letter
        const bool counts =
            byte >= 0x80 || (byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
        row = counts ? row + 1 : 0;
        if (row == 3) return true;
    }
    return false;
}

} // namespace switchboard::store
