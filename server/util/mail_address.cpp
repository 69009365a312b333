#include <switchboard/util/mail_address.hpp>

#include <algorithm>

namespace switchboard {

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == text.npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != text.npos) return false;
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || std::string_view{"<>,;\"\x7f"}.contains(c);
    });
}

} // namespace switchboard
