#pragma once

#include <switchboard/store/database.hpp>
#include <switchboard/store/intake_rows.hpp>
#include <switchboard/store/rules.hpp>
#include <switchboard/util/secret_box.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <utility>

/// The transaction of a group commit: what it asks the database, what it is told, what it writes. Which rows those are
/// is decided by a pure function of the intake room in between.
namespace switchboard::store {

class intake_store {
public:
    intake_store(database& db, secret_box box, customer_rules rules)
        : db_{db}, box_{std::move(box)}, rules_{std::move(rules)} {}

    /// What classification stands on. Throws `unreadable_secret` where one is sealed with a key that is not here: what
    /// was read before holds on, then.
    boost::asio::awaitable<intake_rows> load_rows();

    using planner = std::function<intake_writes(const intake_answers&)>;
    /// One transaction: ask, plan, write, commit. Asks and plans again when another node was faster. Throws `refused`,
    /// `unavailable`, `overloaded`. The planner runs on a database thread; what its rows point to must live until then.
    boost::asio::awaitable<intake_done> commit(intake_questions questions, planner plan);

private:
    database& db_;
    const secret_box box_;
    const customer_rules rules_;
};

} // namespace switchboard::store
