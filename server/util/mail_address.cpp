#include <switchboard/util/mail_address.hpp>

#include <switchboard/util/text.hpp>

#include <algorithm>

namespace switchboard {

bool is_mail_address(std::string_view text) {
    const auto at = text.find('@');
    if (at == text.npos || at == 0 || at + 1 == text.size() || text.find('@', at + 1) != text.npos) return false;
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || std::string_view{"<>,;\"\x7f"}.contains(c);
    });
}

std::string without_plus_tag(std::string_view address) {
    auto out = lower_ascii(trim(address));
    const auto at = out.rfind('@');
    const auto plus = out.find('+');
    if (at == out.npos || plus == out.npos || plus == 0 || plus > at) return out;
    return out.erase(plus, at - plus);
}

} // namespace switchboard
