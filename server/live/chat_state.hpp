#pragma once

#include <switchboard/live/chat_doors.hpp>
#include <switchboard/store/chat.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <nlohmann/json_fwd.hpp>

#include <map>
#include <set>

namespace switchboard::live {

/// A window of a visitor, as its session knows it.
class chat_window {
public:
    virtual ~chat_window() = default;
    /// Nothing before its welcome.
    virtual void tell(const frame& f) const = 0;
    /// Sends what is committed beyond the last that was sent. Runs once at a time.
    virtual void pump() = 0;
    /// Something could not be read: the visitor's browser connects anew, and resends what has no ack.
    virtual void ask_again() const = 0;
    /// Closes it when its session has expired. What other nodes have taken in is not known here, so the rows decide.
    virtual void end_if_expired() = 0;
    /// Its visitor has ended the chat, in whichever window.
    virtual void say_closed() const = 0;
};

/// A session that is open here: its windows, and what its visitor was told of his ticket.
struct open_chat {
    store::chat_session about;
    std::set<chat_window*> windows;
    std::optional<store::chat_standing> standing; // empty = no ticket, or not read yet
    std::optional<std::int64_t> ahead;            // served before it; empty = not known
    std::optional<bool> staffed;                  // somebody of its queue is signed in; empty = not known
    std::int64_t received = 0, read = 0;          // the last of our messages that he has, and has seen
    chat_service service;
    std::uint64_t heard = 0; // events of its ticket so far: what was read before one of them is old
    bool looking = false, known = false;
    frame told; // the last status

    bool waits() const;
};

/// What is open in this process, and what is known of it.
struct chat_state : std::enable_shared_from_this<chat_state> {
    chat_state(boost::asio::any_io_executor e, store::chat& r, hub& to_agents, chat_doors d, chat_bounds b)
        : executor{std::move(e)}, rows{r}, agents{to_agents}, doors{std::move(d)}, bounds{b} {}

    boost::asio::any_io_executor executor;
    store::chat& rows;
    hub& agents;
    chat_doors doors;
    chat_bounds bounds;
    rate_budget frames{bounds.frames_per_address, bounds.frames};
    rate_budget messages{bounds.messages_per_address, bounds.messages};
    rate_budget messages_of_session{bounds.messages_per_session, bounds.messages};
    std::uint64_t sockets_refused = 0;

    std::map<std::string, std::shared_ptr<open_chat>> open; // by session
    std::map<std::int64_t, std::string> session_of;         // by ticket
    std::map<std::string, timestamp> left;                  // sessions whose last window is closed, since when
    std::set<std::int64_t> moved; // queues in which somebody has come, gone or been taken since places were read
    bool presence_moved = false;  // somebody of ours has come or gone
    unsigned ticks = 0;
    bool reading_places = false;

    open_chat* find(std::int64_t ticket) const;
    void leave(open_chat& chat, chat_window* window);

    /// The visitor has a window (again), whoever believes that he is away.
    void is_here(open_chat& chat);
    /// Somebody has told that the ticket's visitor is away; his windows here say otherwise.
    void contradict(std::int64_t ticket);
    /// Who has had no window for long enough is away: a page that is loaded anew is not.
    void tell_who_left();

    /// The session's ticket is this one from now on.
    void belongs_to(const std::shared_ptr<open_chat>& chat, std::int64_t ticket);
    /// Reads how its ticket stands, and tells the visitor.
    void look_up(std::shared_ptr<open_chat> chat);
    /// An event has brought the ticket as it is now.
    void learn(const ticket_summary& now);
    /// Either side's words, whichever node or door took them.
    void hear_words(const std::string& session, std::int64_t ticket);
    /// Sends the status to all windows if it is another than the last.
    void tell(open_chat& chat) const;

    void serve_by_the_clock();
    void read_places();

    boost::asio::awaitable<void> looked_up(std::shared_ptr<open_chat> chat);
    void set_away(std::string session, std::optional<timestamp> since);
    boost::asio::awaitable<void> away_set(std::string session, std::optional<timestamp> since);
    boost::asio::awaitable<void> places_read(std::vector<std::int64_t> queues);
};

/// {"type":"status", …}: how a visitor's ticket stands.
nlohmann::json status_json(const open_chat& chat);

} // namespace switchboard::live
