#include <switchboard/util/login.hpp>
#include <switchboard/util/name.hpp>

namespace switchboard {

std::string same_name_form(std::string_view name) {
    std::string out;
    for (const char c : normal_login(name)) {
        const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
        if (!blank)
            out += c;
        else if (!out.ends_with(' '))
            out += ' ';
    }
    return out;
}

} // namespace switchboard
