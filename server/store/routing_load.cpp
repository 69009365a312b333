#include <switchboard/store/routing.hpp>

#include "store/promises.hpp"
#include "store/run.hpp"
#include "store/sql.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <map>
#include <string_view>

/// What routing reads.
namespace switchboard::store {

using nlohmann::json;

namespace {

std::vector<routing_step> read_steps(const char* text) {
    std::vector<routing_step> out;
    for (const auto& s : json::parse(text)) {
        routing_step step;
        step.after_s = s.at("after_s");
        step.skip_if = s.value("skip_if", "");
        for (const auto& c : s.at("changes"))
            step.changes.push_back({c.at("what"), c.value("skill_id", std::int64_t{0}),
                                    c.value("queue_id", std::int64_t{0}), c.value("value", std::int64_t{0})});
        out.push_back(std::move(step));
    }
    return out;
}

std::vector<routing_queue> read_queues(pqxx::transaction_base& tx) {
    std::vector<routing_queue> out;
    for (const auto& r :
         query(tx, "SELECT q.id, q.name, q.order_mode, q.agent_policy, q.closed_action, q.ring_s, q.cool_s, q.boost_s, "
                   "q.idle_reserve, q.sla_target_s, q.affinity_hold_s, q.fqr_percent, q.max_waiting, "
                   "q.overflow_queue_id, q.steps, q.active, q.interruptible, q.fan_out, " +
                       std::string{hours_columns} +
                       " FROM queue q LEFT JOIN calendar c ON c.id = q.calendar_id ORDER BY q.id")) {
        routing_queue q;
        q.id = get<std::int64_t>(r[0]);
        q.name = get<std::string>(r[1]);
        q.order_mode = get<std::string>(r[2]);
        q.agent_policy = get<std::string>(r[3]);
        q.closed_action = get<std::string>(r[4]);
        q.ring_s = get<std::int64_t>(r[5]);
        q.cool_s = get<std::int64_t>(r[6]);
        q.boost_s = get<std::int64_t>(r[7]);
        q.idle_reserve = get<std::int64_t>(r[8]);
        q.sla_target_s = get<std::int64_t>(r[9]);
        q.affinity_hold_s = get<std::int64_t>(r[10]);
        q.fqr_percent = get<std::int64_t>(r[11]);
        q.max_waiting = get<std::optional<std::int64_t>>(r[12]);
        q.overflow = get<std::optional<std::int64_t>>(r[13]);
        q.steps = read_steps(r[14].c_str());
        q.active = get<bool>(r[15]);
        q.interruptible = get<bool>(r[16]);
        q.fan_out = get<std::int64_t>(r[17]);
        if (!r[18].is_null()) q.hours = std::make_shared<service::business_hours>(hours_from(r, 18));
        out.push_back(std::move(q));
    }
    return out;
}

/// All of them, or these.
std::vector<routing_agent> read_agents(pqxx::transaction_base& tx, const std::optional<std::string>& ids = {}) {
    std::vector<routing_agent> out;
    std::map<std::int64_t, std::size_t> place;
    for (const auto& r :
         query(tx,
               "SELECT u.id, u.grade, u.units, CASE p.state WHEN 'ready' THEN p.channels ELSE '{}' END, "
               "u.role "
               "FROM users u LEFT JOIN presence p ON p.agent_id = u.id WHERE u.active AND "
               "($1::bigint[] IS NULL OR u.id = ANY($1)) ORDER BY u.id",
               ids)) {
        routing_agent a;
        a.id = get<std::int64_t>(r[0]);
        a.grade = get<std::int64_t>(r[1]);
        a.units = get<std::int64_t>(r[2]);
        a.accepts = parse_text_array(r[3].c_str());
        a.role = get<std::string>(r[4]);
        place[a.id] = out.size();
        out.push_back(std::move(a));
    }
    const auto each = [&](const char* sql, auto add) {
        for (const auto& r : query(tx, sql, ids))
            if (const auto at = place.find(get<std::int64_t>(r[0])); at != place.end()) add(out[at->second], r);
    };
    each("SELECT agent_id, skill_id, level FROM agent_skill WHERE ($1::bigint[] IS NULL OR agent_id = ANY($1)) ORDER "
         "BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.skills.emplace_back(get<std::int64_t>(r[1]), get<std::int64_t>(r[2]));
         });
    each("SELECT agent_id, licence_id, jurisdictions, valid_from, valid_until, state FROM agent_licence WHERE "
         "($1::bigint[] IS NULL OR agent_id = ANY($1)) ORDER BY 1, id",
         [](routing_agent& a, const pqxx::row& r) {
             a.licences.push_back({get<std::int64_t>(r[1]), parse_text_array(r[2].c_str()), get<timestamp>(r[3]),
                                   get<timestamp>(r[4]), get<std::string>(r[5])});
         });
    each("SELECT agent_id, queue_id, rank, delay_s FROM queue_member WHERE ($1::bigint[] IS NULL OR agent_id = "
         "ANY($1)) ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.queues.push_back({get<std::int64_t>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    std::map<std::int64_t, std::shared_ptr<const service::business_hours>> calendars; // many work by the same
    const auto hours_sql = "SELECT h.agent_id, c.id, " + std::string{hours_columns} +
                           " FROM agent_hours h JOIN calendar c ON c.id = h.calendar_id WHERE ($1::bigint[] IS NULL "
                           "OR h.agent_id = ANY($1))";
    each(hours_sql.c_str(), [&](routing_agent& a, const pqxx::row& r) {
        auto& hours = calendars[get<std::int64_t>(r[1])];
        if (!hours) hours = std::make_shared<service::business_hours>(hours_from(r, 2));
        a.hours = hours;
    });
    each("SELECT agent_id, channel, capacity, weight FROM agent_channel WHERE ($1::bigint[] IS NULL OR agent_id = "
         "ANY($1)) ORDER BY 1, 2",
         [](routing_agent& a, const pqxx::row& r) {
             a.channels.push_back({get<std::string>(r[1]), get<std::int64_t>(r[2]), get<std::int64_t>(r[3])});
         });
    return out;
}

/// Since when and how much, by agent; the indexes know an agent's newest offers.
routing_people read_people(pqxx::transaction_base& tx, const std::string& zone) {
    routing_people out;
    const auto day = query(tx,
                           "SELECT date_trunc('day', now() AT TIME ZONE $1) AT TIME ZONE $1, (date_trunc('day', now() "
                           "AT TIME ZONE $1) + interval '1 day') AT TIME ZONE $1",
                           zone);
    const auto began = get<timestamp>(day[0][0]);
    out.day_ends = get<timestamp>(day[0][1]);
    for (const auto& r : query(
             tx,
             "SELECT p.agent_id, greatest(p.since, (SELECT max(o.ended_at) FROM offer o WHERE o.agent_id = p.agent_id "
             "AND o.state IN ('done', 'declined', 'timed_out'))), (SELECT count(*) FROM offer o WHERE o.agent_id = "
             "p.agent_id AND o.state IN ('done', 'declined', 'timed_out') AND o.ended_at >= $1 AND o.answered_at >= "
             "$1) + (SELECT count(*) FROM offer o WHERE o.agent_id = p.agent_id AND o.state IN ('offered', 'active', "
             "'parked', 'wrapup') AND o.answered_at >= $1) FROM presence p WHERE p.state = 'ready'",
             began))
        out.agents.push_back({get<std::int64_t>(r[0]), get<timestamp>(r[1]), get<std::int64_t>(r[2])});
    return out;
}

// A ticket with one offer of it, as ticket_reader wants it; the refusals, an array of [agent, until in µs], come last.
const std::string ticket_columns =
    "t.id, t.queue_id, t.channel, t.tier, t.priority, t.difficulty, t.enqueue_at, t.version, t.state, t.skills, "
    "t.licences, t.preferred_agent_id, t.routing_step, t.overflowed, t.due_at, "
    "CASE WHEN q.affinity_hold_s > 0 THEN t.enqueue_at + make_interval(secs => q.affinity_hold_s) END, "
    "o.agent_id, o.state, o.expires_at, ";

// Refusals that still cool down are read from the offers themselves, so that a new leader remembers them.
const std::string ticket_select =
    "SELECT " + ticket_columns +
    "(SELECT json_agg(json_build_array(r.agent_id, (extract(epoch from r.ended_at + make_interval(secs => q.cool_s)) * "
    "1000000)::bigint)) FROM offer r WHERE r.ticket_id = t.id AND r.state IN ('declined', 'timed_out') AND "
    "r.ended_at > now() - make_interval(secs => q.cool_s)) "
    "FROM ticket t JOIN queue q ON q.id = t.queue_id LEFT JOIN offer o ON ";
const std::string its_offer = "o.ticket_id = t.id AND o.state IN ";

// The same for all of them at once: open offers and young refusals are looked up in two small tables, not per ticket.
// As a COPY, since rows that come while others are read cost a third of those that a cursor fetches in turns.
const std::string waiting_rows = "(WITH refused AS (SELECT r.ticket_id, "
                                 "json_agg(json_build_array(r.agent_id, "
                                 "(extract(epoch from r.ended_at + make_interval(secs => q.cool_s)) * "
                                 "1000000)::bigint)) AS list FROM offer r JOIN ticket t "
                                 "ON t.id = r.ticket_id JOIN queue q ON q.id = t.queue_id WHERE r.state IN "
                                 "('declined', 'timed_out') AND r.ended_at > "
                                 "now() - make_interval(secs => (SELECT max(cool_s) FROM queue)) AND r.ended_at > "
                                 "now() - make_interval(secs => q.cool_s) "
                                 "GROUP BY r.ticket_id) SELECT " +
                                 ticket_columns +
                                 "f.list FROM ticket t JOIN queue q ON q.id = t.queue_id LEFT JOIN offer o ON "
                                 "o.ticket_id = t.id AND o.state = 'offered' "
                                 "LEFT JOIN refused f ON f.ticket_id = t.id WHERE t.state IN ('waiting', 'offered'))";

constexpr std::size_t ticket_fields = 20;
using ticket_texts = std::array<std::optional<std::string_view>, ticket_fields>; // nothing = NULL

std::int64_t number_of(const std::optional<std::string_view>& text) {
    std::int64_t out = 0;
    std::from_chars(text->data(), text->data() + text->size(), out);
    return out;
}

/// Reads one ticket after the other. Most ask for the same as the one before, whose terms are then kept.
class ticket_reader {
public:
    routing_ticket ticket;

    void read(const ticket_texts& f) {
        auto& t = ticket;
        t.id = number_of(f[0]);
        t.queue = number_of(f[1]);
        t.channel = *f[2];
        t.tier = number_of(f[3]);
        t.priority = number_of(f[4]);
        t.difficulty = number_of(f[5]);
        t.enqueue_at = time_from(*f[6]);
        t.version = number_of(f[7]);
        t.state = *f[8];
        if (*f[9] != skills_) read_skills(*f[9]);
        if (*f[10] != licences_) read_licences(*f[10]);
        t.preferred_agent = optional_number(f[11]);
        t.step = number_of(f[12]);
        t.overflowed = *f[13] == "t";
        t.due_at = optional_time(f[14]);
        t.hold_until = optional_time(f[15]);
        t.offer_agent = optional_number(f[16]);
        t.offer_state.clear();
        if (t.offer_agent) {
            t.offer_state = *f[17];
            t.offer_expires_at = time_from(*f[18]);
        }
        t.refused.clear();
        if (f[19])
            for (const auto& refusal : json::parse(*f[19]))
                t.refused.emplace_back(refusal.at(0).get<std::int64_t>(),
                                       timestamp{std::chrono::microseconds{refusal.at(1).get<std::int64_t>()}});
    }

private:
    static std::optional<std::int64_t> optional_number(const std::optional<std::string_view>& text) {
        return text ? std::optional{number_of(text)} : std::nullopt;
    }
    static std::optional<timestamp> optional_time(const std::optional<std::string_view>& text) {
        return text ? std::optional{time_from(*text)} : std::nullopt;
    }
    void read_skills(std::string_view text) {
        skills_ = text;
        ticket.skills.clear();
        for (const auto& term : json::parse(text))
            ticket.skills.emplace_back(term.at("skill_id").get<std::int64_t>(), term.value("min", std::int64_t{1}));
    }
    void read_licences(std::string_view text) {
        licences_ = text;
        ticket.licences.clear();
        for (const auto& term : json::parse(text))
            ticket.licences.emplace_back(term.at("licence_id").get<std::int64_t>(),
                                         term.at("jurisdiction").get<std::string>());
    }

    std::string skills_ = "[]", licences_ = "[]"; // what the ticket's came from
};

/// The fields of a line of COPY text; `unescaped` holds those that had to be changed.
void split_line(std::string_view line, ticket_texts& to, std::array<std::string, ticket_fields>& unescaped) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    for (std::size_t i = 0; i < ticket_fields; ++i) {
        const auto end = line.find('\t');
        const auto field = line.substr(0, end);
        line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
        if (field == "\\N")
            to[i].reset();
        else if (field.find('\\') == std::string_view::npos)
            to[i] = field;
        else
            to[i] = unescaped[i] = without_copy_escapes(field);
    }
}

std::vector<routing_ticket> read_tickets(const pqxx::result& rows) {
    std::vector<routing_ticket> out;
    ticket_reader reader;
    ticket_texts texts;
    for (const auto& r : rows) {
        for (std::size_t i = 0; i < ticket_fields; ++i) {
            const auto field = r[static_cast<pqxx::row::size_type>(i)];
            texts[i] = field.is_null() ? std::nullopt : std::optional{std::string_view{field.c_str(), field.size()}};
        }
        reader.read(texts);
        out.push_back(reader.ticket);
    }
    return out;
}

const std::string held_select = ticket_select + its_offer + "('active', 'parked', 'wrapup') WHERE o.id IS NOT NULL ";

} // namespace

boost::asio::awaitable<cursor> routing::load(routing_reader to, std::string zone) {
    return run(db_, [to = std::move(to), zone = std::move(zone)](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        tx.exec0("SET LOCAL statement_timeout = 0"); // a million tickets take a while
        const cursor as_of{std::stoull(query(tx, "SELECT pg_snapshot_xmin(pg_current_snapshot())::text")[0][0].c_str()),
                           0};
        to.people(read_people(tx, zone));
        to.configuration({read_queues(tx), read_agents(tx)});
        for (const auto& t : read_tickets(query(tx, held_select + "ORDER BY o.id"))) to.held(t);
        pqxx::stream_from rows{tx, waiting_rows};
        ticket_reader reader;
        ticket_texts texts;
        std::array<std::string, ticket_fields> unescaped;
        for (std::string line; rows.get_raw_line(line);) {
            split_line(line, texts, unescaped);
            reader.read(texts);
            to.waiting(reader.ticket);
        }
        rows.complete();
        return as_of;
    });
}

boost::asio::awaitable<routing_people> routing::load_people(std::string zone) {
    return run(db_, [zone = std::move(zone)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return read_people(tx, zone);
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_tickets(std::vector<std::int64_t> ids) {
    return run(db_, [ids = std::move(ids)](pqxx::connection& c) {
        pqxx::work tx{c};
        keep_plans(tx);
        static const auto sql = ticket_select + "false WHERE t.id = ANY($1::bigint[]) ORDER BY t.id"; // no offers
        static const statement find{"routing_tickets", sql.c_str()};
        return read_tickets(query(tx, find, array_literal(ids)));
    });
}

boost::asio::awaitable<routing_configuration> routing::load_configuration() {
    return run(db_, [](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        return routing_configuration{read_queues(tx), read_agents(tx)};
    });
}

boost::asio::awaitable<std::vector<routing_ticket>> routing::load_held(std::int64_t agent) {
    return run(db_, [agent](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        return read_tickets(query(tx, held_select + "AND o.agent_id = $1 ORDER BY o.id", agent));
    });
}

namespace {

/// With everybody whom the queue or its steps may ask. `only`: the queue's own members do not count. `also`: queues
/// that steps not in force would add.
routing_surroundings read_around(pqxx::transaction_base& tx, std::int64_t queue,
                                 const std::optional<std::string>& only = {},
                                 const std::vector<std::int64_t>& also = {}) {
    const auto ids = get<std::string>(query(
        tx,
        "SELECT coalesce(array_agg(DISTINCT a), '{}') FROM (SELECT m.agent_id FROM queue q JOIN queue_member m ON "
        "(m.queue_id = q.id AND $2::bigint[] IS NULL) OR m.queue_id = ANY($3::bigint[]) OR m.queue_id IN (SELECT "
        "(c->>'queue_id')::bigint FROM jsonb_array_elements(q.steps) s, jsonb_array_elements(s->'changes') c "
        "WHERE c->>'what' = 'add_queue') WHERE q.id = $1 UNION ALL SELECT id FROM users WHERE role = "
        "'supervisor') AS asked(a)",
        queue, only, array_literal(also))[0][0]);
    routing_surroundings out;
    out.configuration = {read_queues(tx), read_agents(tx, ids)};
    return out;
}

} // namespace

boost::asio::awaitable<std::optional<routing_history>> routing::load_history(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) -> std::optional<routing_history> {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        const auto found = query(tx, "SELECT state, queue_id, enqueue_at FROM ticket WHERE id = $1", ticket);
        if (found.empty()) return std::nullopt;
        routing_history out{
            get<std::string>(found[0][0]), get<std::int64_t>(found[0][1]), get<timestamp>(found[0][2]), {}, {}, {}};
        for (const auto& r :
             query(tx,
                   "SELECT * FROM (SELECT d.id, d.at, d.kind, d.agent_id, u.name, d.offer_id, d.step, d.facts FROM "
                   "routing_decision d LEFT JOIN users u ON u.id = d.agent_id WHERE d.ticket_id = $1 ORDER BY d.id "
                   "DESC LIMIT 50) newest ORDER BY id",
                   ticket)) {
            routing_decision d;
            d.id = get<std::int64_t>(r[0]);
            d.at = get<timestamp>(r[1]);
            d.kind = get<std::string>(r[2]);
            if (!r[4].is_null()) d.agent = named{get<std::int64_t>(r[3]), get<std::string>(r[4])};
            d.offer_id = get<std::optional<std::int64_t>>(r[5]);
            d.step = get<std::int64_t>(r[6]);
            d.facts = get<std::string>(r[7]);
            out.decisions.push_back(std::move(d));
        }
        for (const auto& r : query(tx, "SELECT id, name FROM skill"))
            out.skills[get<std::int64_t>(r[0])] = get<std::string>(r[1]);
        for (const auto& r : query(tx, "SELECT id, name FROM queue"))
            out.queues[get<std::int64_t>(r[0])] = get<std::string>(r[1]);
        return out;
    });
}

boost::asio::awaitable<routing_surroundings> routing::load_around(std::int64_t ticket) {
    return run(db_, [ticket](pqxx::connection& c) {
        pqxx::transaction<pqxx::repeatable_read> tx{c};
        auto tickets = read_tickets(query(tx, ticket_select + its_offer + "('offered') WHERE t.id = $1", ticket));
        if (tickets.empty()) return routing_surroundings{};
        auto out = read_around(tx, tickets[0].queue);
        out.tickets = std::move(tickets);
        std::vector<std::int64_t> ids;
        for (const auto& a : out.configuration.agents) ids.push_back(a.id);
        out.held = read_tickets(
            query(tx, held_select + "AND o.agent_id = ANY($1::bigint[]) ORDER BY o.id", array_literal(ids)));
        for (auto& open : read_tickets(
                 query(tx, ticket_select + its_offer + "('offered') WHERE o.agent_id = ANY($1::bigint[]) ORDER BY o.id",
                       array_literal(ids))))
            out.held.push_back(std::move(open)); // an offer takes capacity as what is held does
        return out;
    });
}

boost::asio::awaitable<std::optional<routing_surroundings>>
routing::load_kinds(std::int64_t queue, std::optional<std::vector<std::int64_t>> members,
                    std::vector<std::int64_t> also) {
    return run(
        db_,
        [queue, members = std::move(members),
         also = std::move(also)](pqxx::connection& c) -> std::optional<routing_surroundings> {
            pqxx::transaction<pqxx::repeatable_read> tx{c};
            if (query(tx, "SELECT FROM queue WHERE id = $1", queue).empty()) return std::nullopt;
            const auto given = members ? std::optional{array_literal(*members)} : std::nullopt;
            auto out = read_around(tx, queue, given, also);
            if (members) { // whoever is named is one of them, and nobody else
                for (auto& a : read_agents(tx, given)) {
                    std::erase_if(a.queues, [&](const auto& m) { return m.queue == queue; });
                    a.queues.push_back({queue, 0, 0});
                    std::erase_if(out.configuration.agents, [&](const auto& other) { return other.id == a.id; });
                    out.configuration.agents.push_back(std::move(a));
                }
                for (auto& a : out.configuration.agents)
                    if (std::ranges::find(*members, a.id) == members->end())
                        std::erase_if(a.queues, [&](const auto& m) { return m.queue == queue; });
            }
            std::map<std::int64_t, std::int64_t> counts;
            std::vector<std::int64_t> firsts;
            for (const auto& r : query(
                     tx,
                     "SELECT min(id), count(*) FROM ticket WHERE queue_id = $1 AND state = 'waiting' GROUP BY channel, "
                     "skills, licences, difficulty ORDER BY 2 DESC LIMIT 1000",
                     queue)) {
                firsts.push_back(get<std::int64_t>(r[0]));
                counts[firsts.back()] = get<std::int64_t>(r[1]);
            }
            out.tickets = read_tickets(
                query(tx, ticket_select + its_offer + "('offered') WHERE t.id = ANY($1::bigint[]) ORDER BY t.id",
                      array_literal(firsts)));
            for (const auto& t : out.tickets) out.counts.push_back(counts.at(t.id));
            return out;
        });
}

boost::asio::awaitable<std::map<std::int64_t, std::string>> routing::names(std::vector<std::int64_t> agents) {
    return run(db_, [agents = std::move(agents)](pqxx::connection& c) {
        pqxx::nontransaction tx{c};
        std::map<std::int64_t, std::string> out;
        for (const auto& r :
             query(tx, "SELECT id, name FROM users WHERE id = ANY($1::bigint[])", array_literal(agents)))
            out[get<std::int64_t>(r[0])] = get<std::string>(r[1]);
        return out;
    });
}

} // namespace switchboard::store
