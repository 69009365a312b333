#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::outside {

struct smtp_settings {
    std::string url; // smtp://host:25, smtps://host:465; empty = nothing is sent, replies wait
    std::string user, password;
    std::chrono::seconds timeout{30};
};

struct smtp_result {
    bool accepted = false;
    int code = 0;      // the server's last answer (RFC 5321 4.2); 0 = there was none
    std::string error; // for people
};

/// Hands one message to the smarthost, with STARTTLS where it is offered. Blocks: call it off the io thread.
smtp_result send_smtp(const smtp_settings& settings, const std::string& from, const std::vector<std::string>& to,
                      const std::string& message);

} // namespace switchboard::outside
