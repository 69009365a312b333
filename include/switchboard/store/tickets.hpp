#pragma once

#include <switchboard/model/ticket.hpp>
#include <switchboard/model/viewer.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

/// Whom an answer goes to, and what it answers. kind: "email" (sent), "chat" (delivered live), "none" (recorded only).
struct reply_target {
    std::string kind = "none";
    std::vector<party> to, cc;
    std::string from_name, from_address;
    std::int64_t gateway_id = 0;
    std::string subject;                  // of the contact that is answered
    std::string message_id;               // of the same
    std::vector<std::string> references;  // what it referred to
    std::string thread_key;
};

struct skill_term {
    std::int64_t skill_id = 0;
    std::string name;
    std::int64_t min = 1;
};

struct licence_demand {
    std::int64_t licence_id = 0;
    std::string name, jurisdiction;
};

struct open_offer {
    std::int64_t id = 0;
    std::int64_t agent_id = 0;
    std::string state;
    timestamp expires_at{};
};

struct ticket_detail {
    ticket_summary ticket;
    std::int64_t difficulty = 0;
    std::vector<skill_term> skills;
    std::vector<licence_demand> licences;
    std::optional<named> related_ticket; // name = its number
    std::optional<named> gateway;
    std::optional<open_offer> offer;        // offered, active or parked
    std::optional<timestamp> wrapup_until;  // the viewer's own wrap-up
    reply_target reply;
};

struct ticket_filter {
    std::vector<std::string> states; // empty = any
    std::optional<std::int64_t> queue_id, owner_id, customer_id;
    std::string channel, words; // words: in number, subject or customer's name
    bool oldest_first = false;  // by id
    std::int64_t limit = 50;
    std::optional<std::int64_t> after; // id of the last ticket of the page before
};

struct timeline_entry {
    std::string kind; // contact note event
    timestamp at{};
    std::int64_t id = 0;
    std::optional<switchboard::note> note;
    std::string event_type, event_data;
    std::optional<named> actor;
};

struct held_work {
    open_offer offer;
    ticket_summary ticket;
};

struct agent_work {
    switchboard::presence presence;
    std::vector<switchboard::offer> offers;
    std::vector<ticket_summary> tickets; // owned and not solved
    std::vector<held_work> wrapups;
};

struct queue_overview {
    named queue;
    std::int64_t waiting = 0, oldest_wait_s = 0, offered = 0, active = 0, agents_ready = 0, agents_busy = 0,
                 agents_not_ready = 0, solved_today = 0, sla_breached = 0;
};

struct agent_load_row {
    std::string channel; // "*" counts units
    std::int64_t used = 0, capacity = 0;
};

struct agent_overview {
    named agent;
    switchboard::presence presence;
    std::vector<agent_load_row> load;
    std::vector<ticket_summary> tickets;
};

/// What is read of tickets. Every call sees only what the viewer may see.
class tickets {
public:
    explicit tickets(database& db) : db_{db} {}

    boost::asio::awaitable<std::optional<ticket_detail>> get(std::int64_t ticket, viewer who);
    boost::asio::awaitable<std::vector<ticket_summary>> list(ticket_filter f, viewer who);

    /// The newest `limit` entries before `before` (all: empty), oldest first. Contacts are given by id.
    boost::asio::awaitable<std::vector<timeline_entry>> timeline(std::int64_t ticket, std::int64_t limit,
                                                                 std::optional<timestamp> before);

    boost::asio::awaitable<agent_work> work(std::int64_t agent_id);
    boost::asio::awaitable<std::vector<queue_overview>> queues();
    boost::asio::awaitable<std::vector<agent_overview>> agents();

    /// The ticket that a contact belongs to may be seen by this viewer (a contact without one: supervisors only).
    boost::asio::awaitable<bool> may_see_contact(std::int64_t contact, viewer who);

private:
    database& db_;
};

} // namespace switchboard::store
