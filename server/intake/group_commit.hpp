#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/intake/options.hpp>
#include <switchboard/store/intake.hpp>

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <exception>
#include <set>
#include <string>
#include <string_view>

namespace switchboard::intake {

/// One input that waits for its commit. `bell` is cancelled when `done`.
struct waiting_input {
    waiting_input(const boost::asio::any_io_executor& executor, std::size_t raw_bytes)
        : bytes{raw_bytes}, bell{executor, boost::asio::steady_timer::time_point::max()} {}

    std::vector<std::shared_ptr<store::intake_item>> items;
    std::vector<std::string> belongs_to; // what it shares with others, before or after whom it must stay
    std::size_t bytes;
    std::vector<receipt> receipts; // one for each item
    std::exception_ptr error;
    bool done = false;
    boost::asio::steady_timer bell;
};
using input_ptr = std::shared_ptr<waiting_input>;

/// Sender, thread, message and the messages that it answers.
std::vector<std::string> belongings_of(const store::intake_item& item);

/// The queue before the database and the groups that leave it.
class group_commit : public std::enable_shared_from_this<group_commit> {
public:
    group_commit(boost::asio::any_io_executor where, store::database& db, intake_options how, secret_box box);

    /// Throws `overloaded`.
    void enter(input_ptr input);
    boost::asio::awaitable<void> reload();

    boost::asio::any_io_executor executor;
    intake_options options;
    intake_counts counts;
    std::shared_ptr<const intake_config> config;
    std::function<void(const store::intake_done&)> after_commit;

private:
    using items = std::vector<std::shared_ptr<store::intake_item>>;

    void start_groups();
    void gather();
    std::vector<input_ptr> next_group();
    bool must_wait(const waiting_input& input, const std::set<std::string_view>& passed_over) const;
    boost::asio::awaitable<void> run(std::vector<input_ptr> group);
    boost::asio::awaitable<store::intake_done> commit(const items& some);
    /// Commits what can be: halves what the database refuses, until the one it means stands alone and is quarantined.
    boost::asio::awaitable<std::vector<receipt>> commit_or_split(items some, bool fresh_config);

    store::intake_store store_;
    std::deque<input_ptr> queue_;
    std::size_t queued_bytes_ = 0;
    std::size_t in_flight_ = 0;
    std::multiset<std::string_view> in_commit_; // what the groups under way belong to
    std::size_t last_group_ = 0;                // contacts
    std::uint64_t looks_ = 0, newest_look_ = 0; // at the configuration, begun and kept
    bool gathering_ = false;
    boost::asio::steady_timer gather_timer_;
};

} // namespace switchboard::intake
