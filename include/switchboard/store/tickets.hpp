#pragma once

#include <switchboard/model/page.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/model/viewer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

enum class ticket_sort { last_contact, enqueued, id };

struct ticket_filter {
    std::vector<std::string> states{}; // empty = any
    bool late = false;                 // past its promised time
    bool solved_today = false;
    std::optional<std::int64_t> queue_id{}, owner_id{}, customer_id{};
    std::string channel{}, words{}; // words: a number, or part of the subject or of the customer's name
    ticket_sort sort = ticket_sort::last_contact;
    bool descending = true;
    std::int64_t limit = 50;
    std::string after{}; // the `next` of the page before
};

/// One entry of a timeline; a contact is named by its id.
struct timeline_row {
    std::string kind; // contact note event
    timestamp at{};
    std::int64_t id = 0;
    std::string place; // in the order of time, kind and id, so that what happened at one moment is told apart
    std::optional<note> as_note;
    std::optional<timeline_event> as_event;
};

/// By what it is decided who may see a ticket.
struct ticket_place {
    std::int64_t queue_id = 0;
    std::optional<std::int64_t> owner_id;

    bool operator==(const ticket_place&) const = default;
};

/// What is read of tickets. Every call sees only what the viewer may see.
class tickets {
public:
    explicit tickets(database& db) : db_{db} {}

    boost::asio::awaitable<std::optional<ticket>> get(std::int64_t id, viewer who);

    /// Empty if `after` is no cursor of ours.
    boost::asio::awaitable<std::optional<page<listed_ticket>>> list(ticket_filter f, viewer who);

    /// The newest `limit` entries before `before` (empty: the newest of all), oldest first. `before` is the `place` of
    /// an entry; nothing if it is none of ours.
    boost::asio::awaitable<std::optional<std::vector<timeline_row>>> timeline(std::int64_t ticket, std::int64_t limit,
                                                                              std::string before);

    /// Where a ticket is, if the viewer may see it now.
    boost::asio::awaitable<std::optional<ticket_place>> place_of(std::int64_t ticket, viewer who);

    /// An agent's own desk. The cursor is the log's place before all of it was read.
    boost::asio::awaitable<work> desk_of(viewer who);

    boost::asio::awaitable<std::vector<queue_state>> queues();
    boost::asio::awaitable<std::vector<agent_state>> agents();

    /// The contact's ticket may be seen by this viewer; a contact without one by supervisors and admins.
    boost::asio::awaitable<bool> may_see_contact(std::int64_t contact, viewer who);

private:
    database& db_;
};

} // namespace switchboard::store
