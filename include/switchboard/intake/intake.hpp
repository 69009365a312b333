#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/intake/options.hpp>
#include <switchboard/intake/outside.hpp>
#include <switchboard/model/contact.hpp>
#include <switchboard/store/intake.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace switchboard::intake {

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
