#include "store/routing_rows.hpp"

#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <charconv>

/// Tickets as routing reads them.
namespace switchboard::store {

using nlohmann::json;

// Each as agent, until and, of one that was said, when; times in microseconds.
const std::string refusals_list = R"(
               json_agg(json_build_array(
                   r.agent_id, (extract(epoch from r.ended_at + make_interval(secs => q.cool_s)) * 1000000)::bigint,
                   CASE r.state WHEN 'declined' THEN (extract(epoch from r.ended_at) * 1000000)::bigint END)))";

namespace {

const char* source_of(ticket_field f) {
    switch (f) {
    case ticket_field::id:
        return "t.id";
    case ticket_field::queue:
        return "t.queue_id";
    case ticket_field::channel:
        return "t.channel";
    case ticket_field::tier:
        return "t.tier";
    case ticket_field::priority:
        return "t.priority";
    case ticket_field::difficulty:
        return "t.difficulty";
    case ticket_field::enqueue_at:
        return "t.enqueue_at";
    case ticket_field::version:
        return "t.version";
    case ticket_field::state:
        return "t.state";
    case ticket_field::skills:
        return "t.skills";
    case ticket_field::licences:
        return "t.licences";
    case ticket_field::preferred_agent:
        return "t.preferred_agent_id";
    case ticket_field::step:
        return "t.routing_step";
    case ticket_field::overflowed:
        return "t.overflowed";
    case ticket_field::due_at:
        return "t.due_at";
    case ticket_field::hold_until:
        return "CASE WHEN q.affinity_hold_s > 0 THEN t.enqueue_at + make_interval(secs => q.affinity_hold_s) END";
    case ticket_field::offer_agent:
        return "o.agent_id";
    case ticket_field::offer_state:
        return "o.state";
    case ticket_field::offer_expires_at:
        return "o.expires_at";
    case ticket_field::offer_weight:
        return "o.weight";
    case ticket_field::left_message:
        return "t.left_message";
    case ticket_field::not_before:
        return "k.not_before";
    case ticket_field::refusals:
        break;
    }
    return nullptr; // the statement's own
}

} // namespace

const std::string& ticket_columns() {
    static const std::string made = [] {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < ticket_fields; ++i)
            if (const auto f = static_cast<ticket_field>(i); const auto* source = source_of(f))
                out.push_back(fmt::format("{} AS {}", source, name_of(f)));
        return fmt::format("{}", fmt::join(out, ", "));
    }();
    return made;
}

std::string select_tickets(std::string_view offer, std::string_view where_and_order) {
    return fmt::format(R"(
        SELECT {},
               (SELECT {}
                FROM offer r
                WHERE r.ticket_id = t.id AND r.state IN ('declined', 'timed_out')
                  AND r.ended_at > now() - make_interval(secs => q.cool_s)) AS refusals
        FROM ticket t
        JOIN queue q ON q.id = t.queue_id
        {}
        LEFT JOIN offer o ON o.ticket_id = t.id AND {}
        WHERE {})",
                       ticket_columns(), refusals_list, its_callback, offer, where_and_order);
}

std::string select_held(std::string_view where) {
    return select_tickets("o.state IN ('active', 'parked', 'wrapup')",
                          fmt::format("o.id IS NOT NULL {} ORDER BY o.id", where));
}

namespace {

std::int64_t number_of(const std::optional<std::string_view>& text) {
    std::int64_t out = 0;
    std::from_chars(text->data(), text->data() + text->size(), out);
    return out;
}
std::optional<std::int64_t> optional_number(const std::optional<std::string_view>& text) {
    return text ? std::optional{number_of(text)} : std::nullopt;
}
std::optional<timestamp> optional_time(const std::optional<std::string_view>& text) {
    return text ? std::optional{time_from(*text)} : std::nullopt;
}

} // namespace

void ticket_reader::read(const ticket_texts& f) {
    const auto of = [&f](ticket_field which) { return f[static_cast<std::size_t>(which)]; };
    auto& t = ticket;
    t.id = number_of(of(ticket_field::id));
    t.queue = number_of(of(ticket_field::queue));
    t.channel = *of(ticket_field::channel);
    t.tier = number_of(of(ticket_field::tier));
    t.priority = number_of(of(ticket_field::priority));
    t.difficulty = number_of(of(ticket_field::difficulty));
    t.enqueue_at = time_from(*of(ticket_field::enqueue_at));
    t.version = number_of(of(ticket_field::version));
    t.state = *of(ticket_field::state);
    if (*of(ticket_field::skills) != skills_) read_skills(*of(ticket_field::skills));
    if (*of(ticket_field::licences) != licences_) read_licences(*of(ticket_field::licences));
    t.preferred_agent = optional_number(of(ticket_field::preferred_agent));
    t.step = number_of(of(ticket_field::step));
    t.overflowed = *of(ticket_field::overflowed) == "t";
    t.due_at = optional_time(of(ticket_field::due_at));
    t.hold_until = optional_time(of(ticket_field::hold_until));
    t.offer_agent = optional_number(of(ticket_field::offer_agent));
    t.offer_state.clear();
    if (t.offer_agent) {
        t.offer_state = *of(ticket_field::offer_state);
        t.offer_expires_at = time_from(*of(ticket_field::offer_expires_at));
        t.offer_weight = number_of(of(ticket_field::offer_weight));
    }
    t.left_message = *of(ticket_field::left_message) == "t";
    t.not_before = optional_time(of(ticket_field::not_before));
    t.refused.clear();
    if (!of(ticket_field::refusals)) return;
    const auto time = [](const json& j) { return timestamp{std::chrono::microseconds{j.get<std::int64_t>()}}; };
    for (const auto& r : own_json(*of(ticket_field::refusals)))
        t.refused.push_back({r.at(0).get<std::int64_t>(), time(r.at(1)),
                             r.at(2).is_null() ? std::nullopt : std::optional{time(r.at(2))}});
}

ticket_places places_of_ticket(const pqxx::result& rows) {
    ticket_places out;
    for (std::size_t i = 0; i < ticket_fields; ++i)
        out[i] = rows.column_number(std::string{name_of(static_cast<ticket_field>(i))});
    return out;
}

const routing_ticket& ticket_reader::read(const pqxx::row& r, const ticket_places& at) {
    ticket_texts texts;
    for (std::size_t i = 0; i < ticket_fields; ++i) {
        const auto field = r[at[i]];
        texts[i] = field.is_null() ? std::nullopt : std::optional{std::string_view{field.c_str(), field.size()}};
    }
    read(texts);
    return ticket;
}

void ticket_reader::read_skills(std::string_view text) {
    skills_ = text;
    ticket.skills.clear();
    for (const auto& term : own_json(text))
        ticket.skills.emplace_back(term.at("skill_id").get<std::int64_t>(), term.value("min", std::int64_t{1}));
}

void ticket_reader::read_licences(std::string_view text) {
    licences_ = text;
    ticket.licences.clear();
    for (const auto& term : own_json(text))
        ticket.licences.emplace_back(term.at("licence_id").get<std::int64_t>(),
                                     term.at("jurisdiction").get<std::string>());
}

std::vector<routing_ticket> read_tickets(const pqxx::result& rows) {
    std::vector<routing_ticket> out;
    ticket_reader reader;
    const auto at = places_of_ticket(rows);
    for (const auto& r : rows) out.push_back(reader.read(r, at));
    return out;
}

} // namespace switchboard::store
