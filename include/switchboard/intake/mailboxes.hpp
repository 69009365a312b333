#pragma once

#include <switchboard/intake/config.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace switchboard::intake {

/// Which e-mail gateway an envelope recipient belongs to: its own addresses and the one that its answers come from,
/// each with any plus tag behind it. (A tag of ours that somebody broke on the way must still arrive: it threads by
/// nothing then.) An address that several gateways name is the first one's.
class mailboxes {
public:
    explicit mailboxes(const intake_config& config);

    /// The gateway's id; 0 = none of ours.
    std::int64_t find(std::string_view address) const;

private:
    std::map<std::string, std::int64_t, std::less<>> gateways_; // by address, lower-case
};

} // namespace switchboard::intake
