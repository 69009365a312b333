#include <switchboard/delivery/delivery.hpp>

#include <array>

namespace switchboard::delivery {

using namespace std::chrono_literals;

std::optional<std::chrono::seconds> pause_after(int attempts) {
    static constexpr std::array<std::chrono::seconds, 10> pauses{30s, 2min, 10min, 30min, 1h, 2h, 4h, 8h, 12h, 20h};
    if (attempts < 1) return 0s;
    const auto n = static_cast<std::size_t>(attempts - 1);
    return n < pauses.size() ? std::optional{pauses[n]} : std::nullopt;
}

verdict judge(const outside::smtp_result& r) {
    if (r.accepted) return {true, false, ""};
    // 5yz is the server's final word (RFC 5321 4.2.1), except that it wants a log-in or is set up wrongly: then the
    // mail is fine and the admin is not, so it waits.
    const bool our_fault = r.code == 530 || r.code == 535 || r.code == 534 || r.code == 538;
    const bool final_word = r.code >= 500 && r.code < 600 && !our_fault;
    return {false, !final_word, r.error};
}

} // namespace switchboard::delivery
