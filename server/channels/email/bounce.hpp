#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

struct failed_recipient {
    std::string address;
    std::string action;   // failed delayed delivered relayed expanded
    std::string status;   // 5.1.1
    std::string severity; // hard soft temporary; empty where it was delivered
    std::string reason;   // what the other server said
};

/// The recipients of a message/delivery-status part (RFC 3464, 6533), in its order.
std::vector<failed_recipient> read_delivery_status(std::string_view part);

/// The Message-ID in the returned header of a bounce, without brackets; empty if there is none.
std::string original_message_id(std::string_view headers);

} // namespace switchboard::channels::email
