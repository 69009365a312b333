#include "store/routing_rows.hpp"

#include <switchboard/util/json.hpp>

#include <nlohmann/json.hpp>

#include <charconv>

/// Tickets as routing reads them.
namespace switchboard::store {

using nlohmann::json;

// Each as agent, until and, of one that was said, when; times in microseconds.
const std::string refusals_list =
    "json_agg(json_build_array(r.agent_id, (extract(epoch from r.ended_at + make_interval(secs => q.cool_s)) * "
    "1000000)::bigint, CASE r.state WHEN 'declined' THEN (extract(epoch from r.ended_at) * 1000000)::bigint END))";

const std::string ticket_columns =
    "t.id, t.queue_id, t.channel, t.tier, t.priority, t.difficulty, t.enqueue_at, t.version, t.state, t.skills, "
    "t.licences, t.preferred_agent_id, t.routing_step, t.overflowed, t.due_at, "
    "CASE WHEN q.affinity_hold_s > 0 THEN t.enqueue_at + make_interval(secs => q.affinity_hold_s) END, "
    "o.agent_id, o.state, o.expires_at, o.weight, t.left_message, k.not_before, ";

const std::string ticket_select = "SELECT " + ticket_columns + "(SELECT " + refusals_list +
                                  " FROM offer r WHERE r.ticket_id = t.id AND r.state IN ('declined', 'timed_out') AND "
                                  "r.ended_at > now() - make_interval(secs => q.cool_s)) "
                                  "FROM ticket t JOIN queue q ON q.id = t.queue_id " +
                                  its_callback + "LEFT JOIN offer o ON ";
const std::string held_select = ticket_select + its_offer + "('active', 'parked', 'wrapup') WHERE o.id IS NOT NULL ";

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
        t.offer_weight = number_of(f[19]);
    }
    t.left_message = *f[20] == "t";
    t.not_before = optional_time(f[21]);
    t.refused.clear();
    if (!f[22]) return;
    const auto time = [](const json& j) { return timestamp{std::chrono::microseconds{j.get<std::int64_t>()}}; };
    for (const auto& r : own_json(*f[22]))
        t.refused.push_back({r.at(0).get<std::int64_t>(), time(r.at(1)),
                             r.at(2).is_null() ? std::nullopt : std::optional{time(r.at(2))}});
}

const routing_ticket& ticket_reader::read(const pqxx::row& r) {
    ticket_texts texts;
    for (std::size_t i = 0; i < ticket_fields; ++i) {
        const auto field = r[static_cast<pqxx::row::size_type>(i)];
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
    for (const auto& r : rows) out.push_back(reader.read(r));
    return out;
}

} // namespace switchboard::store
