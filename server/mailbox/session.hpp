#pragma once

#include "mailbox/responses.hpp"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace switchboard::imap {

/// A mailbox that is open. Blocks, like its connection. Throws `broken`, and `refused` where the server says NO.
class session {
public:
    /// Connects, logs in and opens the folder of `to`.
    session(const imap_settings& to, const std::string& password, std::chrono::seconds timeout, std::size_t most_bytes,
            const std::atomic<bool>& stop);
    ~session(); // says LOGOUT and does not wait for the answer

    std::int64_t uidvalidity() const { return uidvalidity_; }

    /// UIDs above this one that are not deleted, in order.
    std::vector<std::int64_t> uids_after(std::int64_t uid);

    /// The mail as it is, without marking it as seen; cut behind `most_bytes` + 1, by which its excess is known.
    /// Nothing: it has gone.
    std::optional<std::string> fetch(std::int64_t uid);

    /// Does what `after` of the settings says: keep, seen, delete, move:<folder>, which is made if need be.
    void settle(std::int64_t uid, const std::string& after);

private:
    /// Sends a command and gives back its untagged responses.
    std::vector<response> ask(const std::string& command);
    response next();
    void move(std::int64_t uid, const std::string& folder);
    void remove(std::int64_t uid);

    outside::imap_connection line_;
    response_reader reader_;
    std::size_t most_bytes_;
    std::set<std::string> capabilities_; // upper-case
    std::int64_t uidvalidity_ = 0;
    int commands_ = 0;
};

} // namespace switchboard::imap
