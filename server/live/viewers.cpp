#include <switchboard/live/viewers.hpp>

#include <switchboard/util/event_data.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/co_spawn.hpp>

#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace switchboard::live {

namespace asio = boost::asio;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::chrono::seconds writing_lasts{10};

/// What a socket has said.
struct sitter {
    viewer who;
    std::string name;
    std::int64_t ticket = 0;
    bool may_see = false; // found so by the database
    bool asking = false;  // a question is under way,
    bool again = false;   // and it is to be asked once more
    std::string writing;
    clock::time_point writing_until{};

    bool is_on(std::int64_t id) const { return ticket == id && may_see; }
};

/// What others have been told of a person on a ticket.
struct told {
    std::string name;
    std::string writing;

    bool operator==(const told&) const = default;
};

} // namespace

struct viewers::state : std::enable_shared_from_this<viewers::state> {
    using place_of_person = std::pair<std::int64_t, std::int64_t>; // ticket, agent

    asio::any_io_executor executor;
    hub& to;
    ticket_finder find;
    std::set<std::shared_ptr<sitter>> sitters;
    std::map<place_of_person, told> shown;
    std::map<std::int64_t, store::ticket_place> places; // of tickets that somebody is shown on

    state(asio::any_io_executor e, hub& h, ticket_finder f) : executor{std::move(e)}, to{h}, find{std::move(f)} {}

    static events::viewer_changed said(std::int64_t ticket, std::int64_t agent, const told& what, bool viewing) {
        return {ticket, {agent, what.name}, viewing, what.writing.empty() ? std::nullopt : std::optional{what.writing}};
    }

    event event_of(std::int64_t ticket, std::int64_t agent, const told& what, bool viewing) const {
        auto e = switchboard::event_of(said(ticket, agent, what, viewing), now());
        e.ticket_id = ticket;
        if (const auto place = places.find(ticket); place != places.end()) {
            e.queue_id = place->second.queue_id;
            e.agent_id = place->second.owner_id;
        }
        e.actor_id = agent;
        return e;
    }

    /// What all sockets of a person come to on one ticket.
    std::optional<told> standing(std::int64_t ticket, std::int64_t agent) const {
        std::optional<told> out;
        for (const auto& s : sitters) {
            if (s->who.user_id != agent || !s->is_on(ticket)) continue;
            if (!out) out.emplace(s->name, "");
            if (out->writing.empty()) out->writing = s->writing;
        }
        return out;
    }

    void tell(std::int64_t ticket, std::int64_t agent) {
        const auto now_is = standing(ticket, agent);
        const auto before = shown.find({ticket, agent});
        if (now_is) {
            if (before != shown.end() && before->second == *now_is) return;
            shown[{ticket, agent}] = *now_is;
            to.ephemeral(event_of(ticket, agent, *now_is, true));
        } else if (before != shown.end()) {
            const told gone{before->second.name, ""};
            shown.erase(before);
            to.ephemeral(event_of(ticket, agent, gone, false));
            const auto next = shown.lower_bound({ticket, 0});
            if (next == shown.end() || next->first.first != ticket) places.erase(ticket);
        }
    }

    /// Those who see it no longer are told that nobody is there; those who see it now, who is.
    void move(std::int64_t ticket, const store::ticket_place& now_is) {
        const auto known = places.find(ticket);
        if (known != places.end() && known->second == now_is) return;
        std::map<std::int64_t, told> there;
        for (auto i = shown.lower_bound({ticket, 0}); i != shown.end() && i->first.first == ticket; ++i)
            there.emplace(i->first.second, i->second);
        for (const auto& [agent, what] : there) to.ephemeral(event_of(ticket, agent, {what.name, ""}, false));
        places[ticket] = now_is;
        for (const auto& [agent, what] : there) to.ephemeral(event_of(ticket, agent, what, true));
    }

    asio::awaitable<void> ask(std::shared_ptr<sitter> s) {
        const auto self = shared_from_this();
        do {
            s->again = false;
            const auto ticket = s->ticket;
            if (ticket == 0) break;
            const auto place = co_await find(ticket, s->who);
            if (!sitters.contains(s)) break;
            if (s->ticket != ticket) {
                s->again = true;
                continue;
            }
            s->may_see = place.has_value();
            if (place) move(ticket, *place);
            tell(ticket, s->who.user_id);
        } while (s->again);
        s->asking = false;
    }

    /// One question at a time for each socket, whatever it sends.
    void check(const std::shared_ptr<sitter>& s) {
        s->again = true;
        if (std::exchange(s->asking, true)) return;
        asio::co_spawn(executor, ask(s), [s](std::exception_ptr failed) {
            if (!failed) return;
            s->asking = false; // nobody is told; the next frame asks again
            try {
                std::rethrow_exception(failed);
            } catch (const std::exception& e) {
                log::warn("viewer_unknown", {{"reason", e.what()}});
            }
        });
    }

    void look(const std::shared_ptr<sitter>& s, std::int64_t ticket, std::string writing) {
        s->writing = std::move(writing);
        s->writing_until = clock::now() + writing_lasts;
        if (s->ticket == ticket) {
            if (s->may_see)
                tell(ticket, s->who.user_id);
            else if (ticket != 0)
                check(s);
            return;
        }
        const auto left = std::exchange(s->ticket, ticket);
        s->may_see = false;
        if (left != 0) tell(left, s->who.user_id);
        if (ticket != 0) check(s);
    }

    void leave(const std::shared_ptr<sitter>& s) {
        sitters.erase(s);
        if (s->ticket != 0) tell(s->ticket, s->who.user_id);
    }

    /// For somebody who joins.
    std::string all_for(const viewer& who) const {
        auto items = datum::list();
        for (const auto& [where, what] : shown)
            if (switchboard::may_see(who, event_of(where.first, where.second, what, true)))
                items.items.push_back(get(said(where.first, where.second, what, true)));
        return to_json(datum::object({{"type", "viewers"}, {"items", std::move(items)}}));
    }
};

class viewers::open_seat : public viewers::seat {
public:
    open_seat(std::shared_ptr<state> in, viewer who, std::string name)
        : in_{std::move(in)}, me_{std::make_shared<sitter>(std::move(who), std::move(name))} {
        in_->sitters.insert(me_);
    }
    ~open_seat() override { in_->leave(me_); }
    open_seat(const open_seat&) = delete;
    open_seat& operator=(const open_seat&) = delete;

    void look(std::int64_t ticket, std::string writing) override { in_->look(me_, ticket, std::move(writing)); }

private:
    std::shared_ptr<state> in_;
    std::shared_ptr<sitter> me_;
};

viewers::viewers(asio::any_io_executor executor, hub& to, ticket_finder find)
    : state_{std::make_shared<state>(std::move(executor), to, std::move(find))} {
    to.greet([s = state_](const viewer& who) { return s->all_for(who); });
}
viewers::~viewers() = default;

std::unique_ptr<viewers::seat> viewers::enter(viewer who, std::string name) {
    return std::make_unique<open_seat>(state_, std::move(who), std::move(name));
}

void viewers::follow(std::span<const event> events) {
    for (const auto& e : events) {
        if (!e.ticket_id || !state_->places.contains(*e.ticket_id)) continue;
        for (const auto& s : state_->sitters)
            if (s->ticket == *e.ticket_id) state_->check(s);
    }
}

void viewers::tick() {
    const auto late = clock::now();
    for (const auto all = state_->sitters; const auto& s : all) { // whoever is too slow to be told leaves meanwhile
        if (s->writing.empty() || late < s->writing_until) continue;
        s->writing.clear();
        if (s->may_see) state_->tell(s->ticket, s->who.user_id);
    }
}

std::size_t viewers::shown() const {
    return state_->shown.size();
}

} // namespace switchboard::live
