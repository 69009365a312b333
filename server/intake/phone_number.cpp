#include <switchboard/channels/phone_number.hpp>
#include <switchboard/intake/phone_number.hpp>

namespace switchboard::intake {

std::optional<std::string> international_number(std::string_view written) {
    return channels::to_e164(written, "");
}

} // namespace switchboard::intake
