#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/intake/outside.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/store/intake.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace switchboard::intake {

using store::raw_message;
using receipt = store::intake_receipt;

struct intake_options {
    std::size_t group_contacts = 256;       // that share one commit
    std::size_t group_bytes = 16u << 20;    // of raw input; one larger input is a group of its own
    std::size_t waiting_contacts = 20'000;  // past it: overloaded
    std::size_t waiting_bytes = 512u << 20; // of raw input; past it: overloaded
    /// In a flood a second commit writes its rows while the first waits for the disk. What belongs together (a sender,
    /// a thread, a message and its answer) is never in two at once, so that its order stays.
    std::size_t commits_in_flight = 2;
    std::size_t flood = 28; // contacts that must wait before a commit starts beside another
    /// After a commit of so many with no other under way the next group gathers this much longer, so that the senders
    /// who were just answered are in it: half as many groups, each with its fixed cost. Whoever comes alone never
    /// waits.
    std::chrono::microseconds gather{1000};
};

struct intake_counts {
    std::uint64_t commits = 0, contacts = 0, duplicates = 0, quarantined = 0, failed = 0;
    std::size_t waiting = 0; // contacts now
};

/// What the rest of the house is told and asked. All are called on the executor.
struct intake_hooks {
    std::function<void(const store::intake_done&)> committed = [](const auto&) {}; // what waits since then, for routing
    std::function<void()> bell = [] {};                   // after each commit, last: there are new events
    std::function<bool()> no_room = [] { return false; }; // the disk is too full for anything new
    outside ask{}; // what some inputs need of other servers before they can be understood
};

class group_commit;

/// Takes contacts in by group commit: while one commit is in flight the next group gathers, so a lone contact waits for
/// nobody and a flood shares the fsync. Everything but the transaction happens on the executor's thread.
class intake {
public:
    intake(boost::asio::any_io_executor executor, store::database& db, intake_hooks hooks = {},
           intake_options options = {}, secret_box box = {});
    ~intake();
    intake(const intake&) = delete;
    intake& operator=(const intake&) = delete;

    /// Reads gateways, queues and rules. Once before the first contact, and when the configuration has changed.
    boost::asio::awaitable<void> reload();

    /// The configuration as last read; null before that.
    std::shared_ptr<const intake_config> config() const;

    /// Commits the records of one input and gives a receipt for each, in their order, after the commit: ignored and
    /// refused records too, for which nothing is written. Throws `overloaded` or `store::unavailable` (503: the sender
    /// repeats, and what was committed is then a duplicate).
    /// `mends` names, for each record or for none, the quarantined contact that it was, 0 = none: that row is then
    /// filled, and no other written.
    boost::asio::awaitable<std::vector<receipt>> receive(std::int64_t gateway_id,
                                                         std::shared_ptr<const raw_message> raw,
                                                         std::vector<normalized_record> records,
                                                         std::vector<std::int64_t> mends = {});

    const intake_hooks& hooks() const { return hooks_; }

    intake_counts counts() const;

private:
    intake_hooks hooks_;
    std::shared_ptr<group_commit> commits_; // shared with what is under way
};

} // namespace switchboard::intake
