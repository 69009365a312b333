#include "store/demo/case_writer.hpp"

#include "store/event_rows.hpp"
#include "store/promises.hpp"
#include "store/sql.hpp"
#include "store/ticket_rows.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace switchboard::store::demo {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto support_address = "support@example.com";

std::string channel_of(const demo_case& c) {
    return c.story->value("channel", "email");
}
std::string language_of(const demo_case& c) {
    return c.who->language;
}

void replace_all(std::string& text, std::string_view name, std::string_view value) {
    for (auto at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size()))
        text.replace(at, name.size(), value);
}

/// How long the next word takes: a chat goes in seconds, a letter in hours.
std::chrono::seconds pause_before(const std::string& channel, char mark, std::size_t place) {
    const auto some = static_cast<int>(place % 5);
    if (channel == "chat") return 18s + 11s * some;
    if (channel == "phone") return 30s;
    return mark == '>' ? std::chrono::seconds{95min} : std::chrono::seconds{24min + 7min * some};
}

json party_json(const std::string& kind, const std::string& value, const std::string& name) {
    return {{"kind", kind}, {"value", value}, {"name", name}};
}

std::string month_name(timestamp at) {
    static constexpr std::array names{"January", "February", "March",     "April",   "May",      "June",
                                      "July",    "August",   "September", "October", "November", "December"};
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(at)};
    return names.at(unsigned{date.month()} - 1);
}

timestamp taken_at(const demo_case& c) {
    const auto channel = channel_of(c);
    return c.opened + (channel == "chat" || channel == "phone" ? 5s : 3min);
}

std::string text_of(const json& row, const char* key) {
    return row.value(key, "");
}

} // namespace

const char* gateway_of(const std::string& channel) {
    return channel == "phone" ? "pbx" : channel == "chat" ? "website" : channel == "fax" ? "fax-line" : "support-mail";
}

std::string case_writer::fill(std::string text, const demo_case& c) const {
    const auto month = month_name(c.opened - std::chrono::days{20});
    const auto first = c.who->name.substr(0, c.who->name.find(' '));
    const auto amount = fmt::format("{}.{:02}", 38 + c.number * 37 % 290, c.number * 53 % 100);
    replace_all(text, "{policy}", c.who->policy);
    replace_all(text, "{name}", c.who->name);
    replace_all(text, "{first}", first);
    replace_all(text, "{month}", month);
    replace_all(text, "{amount}", amount);
    replace_all(text, "{ref}", fmt::format("{}", 70214 + c.number * 613 % 9000));
    replace_all(text, "{agent}", c.agent ? c.agent->name : "");
    return text;
}

std::vector<case_writer::turn> case_writer::turns_of(const demo_case& c) const {
    std::vector<turn> out;
    auto at = c.opened;
    for (const std::string line : c.story->at("talk")) {
        if (!out.empty()) at += pause_before(channel_of(c), line.front(), out.size() + c.number);
        out.push_back({line.front(), fill(line.substr(2), c), at});
    }
    return out;
}

void case_writer::write(const demo_case& c) {
    session_ = random_hex(16);
    seq_ = 0;
    message_ids_.clear();
    const auto turns = turns_of(c);
    if (channel_of(c) == "chat")
        query(tx_, R"(
            INSERT INTO chat_session (id, gateway_id, token_hash, name, email, language, created_at, closed_at)
            VALUES ($1, $2, 'closed', $3, $4, $5, $6, $7))",
              session_, id_of(center_.gateways, "website", "gateway"), c.who->name, c.who->email, c.who->language,
              c.opened, turns.back().at + 1min);
    const auto ticket = write_ticket(c, turns);
    for (const auto& t : turns) {
        if (t.mark == '#')
            query(tx_, "INSERT INTO note (ticket_id, author_id, text, created_at) VALUES ($1, $2, $3, $4)", ticket,
                  c.agent->id, t.text, t.at);
        else
            write_contact(c, t, ticket);
    }
    if (seq_ > 0) query(tx_, "UPDATE chat_session SET last_seq = $2 WHERE id = $1", session_, seq_);
    if (c.agent) write_work(c, turns, ticket);
}

/// As intake and desk would have kept it.
sla::promise case_writer::promise_to(const demo_case& c, const std::vector<turn>& turns,
                                     sla::promise::lines& told) const {
    const auto& q = center_.promises.at(center_.queues.at(c.story->at("queue")).id);
    const auto& target = q.by_priority.at(c.story->value("priority", std::size_t{5}));
    auto p = sla::promise::start(target, q.hours, c.opened);
    const auto add = [&](sla::promise::lines more) { std::ranges::move(more, std::back_inserter(told)); };
    if (!c.agent) return p;
    if (channel_of(c) == "phone") add(p.answered(q.hours, taken_at(c), "taken up"));
    if (const auto reply = std::ranges::find(turns, '<', &turn::mark); reply != turns.end())
        add(p.answered(q.hours, reply->at, "replied"));
    const auto last = turns.back().at;
    add(c.held_until ? p.pause(q.hours, last, "customer") : p.solved(q.hours, last + 2min));
    return p;
}

std::int64_t case_writer::write_ticket(const demo_case& c, const std::vector<turn>& turns) {
    static const std::map<std::string, std::string> language_skills{
        {"de", "german"}, {"fr", "french"}, {"es", "spanish"}};
    const auto& q = center_.queues.at(c.story->at("queue"));
    const auto language = language_of(c);
    json skills = json::array(), licences = json::array();
    const auto need = [&](const std::string& name, int min) {
        skills.push_back({{"skill_id", id_of(center_.skills, name, "skill")}, {"min", min}});
    };
    if (!q.skill.empty()) need(q.skill, 1);
    if (const auto more = language_skills.find(language); more != language_skills.end()) need(more->second, 3);
    if (const auto name = c.story->value("licence", ""); !name.empty())
        licences.push_back(
            {{"licence_id", id_of(center_.licences, name, "licence")}, {"jurisdiction", c.who->jurisdiction}});

    const auto last = turns.back().at;
    const auto reply = std::ranges::find(turns, '<', &turn::mark);
    const bool solved = c.agent && !c.held_until;
    const std::string state = solved ? "solved" : c.held_until ? "held" : "waiting";
    const std::optional<std::int64_t> owner = c.agent ? std::optional{c.agent->id} : std::nullopt;
    sla::promise::lines told;
    const auto promise = promise_to(c, turns, told);
    const auto id = value_of<std::int64_t>(
        query(tx_, R"(
        INSERT INTO ticket (
            state, queue_id, gateway_id, channel, customer_id, subject, priority, language, skills, licences,
            thread_key, owner_id, preferred_agent_id, enqueue_at, due_at, held_until, disposition,
            disposition_name, opened_at, first_reply_at, last_contact_at, solved_at, sla, sla_check_at)
        VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13, $14, $15, $16,
            disposition_name($2, $16), $13, $17, $18, $19, $20, $21)
        RETURNING id)",
              state, q.id, id_of(center_.gateways, gateway_of(channel_of(c)), "gateway"), channel_of(c), c.who->id,
              fill(c.story->at("subject"), c), c.story->value("priority", 5), language, skills.dump(), licences.dump(),
              channel_of(c) == "chat" ? session_ : std::string{}, owner, c.opened, promise.due_at(), c.held_until,
              solved ? std::optional{c.story->value("disposition", "resolved")} : std::nullopt,
              reply == turns.end() ? std::nullopt : std::optional{reply->at}, last,
              solved ? std::optional{last + 2min} : std::nullopt, promise.text(), promise.check_at()));
    std::vector<told_line> lines;
    for (auto& line : told) lines.emplace_back(id, std::move(line));
    append_lines(tx_, lines);
    return id;
}

void case_writer::write_contact(const demo_case& c, const turn& t, std::int64_t ticket) {
    const bool in = t.mark == '>';
    const auto channel = channel_of(c);
    const auto unique = random_hex(8);
    json row{{"external_id", (in ? "demo:" : "out:") + unique}, {"details", json::object()}};
    const bool by_number = channel == "phone" || channel == "fax";
    const auto theirs = party_json(by_number ? "tel" : "email", by_number ? c.who->tel : c.who->email, c.who->name);
    row["from"] = in ? theirs : party_json("", "", c.agent->name);
    row["recipients"] = in ? json::object() : json{{"to", {theirs}}};
    std::optional<std::int64_t> seconds;
    if (channel == "email") {
        write_mail(c, t, row);
    } else if (channel == "chat") {
        row["thread_key"] = session_;
        row["seq"] = ++seq_;
        if (in) row["external_id"] = session_ + ":" + unique;
    } else if (channel == "phone" && in) {
        const bool missed = c.story->value("missed", false);
        seconds = c.story->value("seconds", 0);
        row["thread_key"] = unique;
        row["subject"] = "Call from " + c.who->tel;
        row["details"] = {{"call_id", unique},
                          {"ring_s", 6 + c.number % 14},
                          {"disposition", missed ? "missed" : "answered"},
                          {"from_dialed", c.who->tel},
                          {"to_dialed", "+12125550190"}};
        if (missed) row["flags"] = {"missed"};
    } else if (channel == "fax" && in) {
        row["subject"] = "Fax, 2 pages, from " + c.who->tel;
        row["details"] = {{"fax_id", unique}, {"pages", 2}, {"station_id", c.who->name}, {"from_dialed", c.who->tel}};
    }
    const std::vector<std::string> flags = row.value("flags", std::vector<std::string>{});
    const auto& from = row.at("from");
    const auto contact = value_of<std::int64_t>(
        query(tx_, R"(
        INSERT INTO contact (
            gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, author_id, from_kind,
            from_value, from_name, recipients, subject, text, thread_key, thread_seq, message_id, occurred_at,
            received_at, duration_s, language, flags, details, delivery)
        VALUES (
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19, $20, $21,
            $22, $23)
        RETURNING id)",
              id_of(center_.gateways, gateway_of(channel), "gateway"), text_of(row, "external_id"), ticket, c.who->id,
              channel, in ? "in" : "out", in ? "ticketed" : "sent", in ? std::nullopt : std::optional{c.agent->id},
              text_of(from, "kind"), text_of(from, "value"), text_of(from, "name"), row.at("recipients").dump(),
              text_of(row, "subject"), t.text, text_of(row, "thread_key"),
              row.contains("seq") ? std::optional{row.at("seq").get<std::int64_t>()} : std::nullopt,
              row.contains("message_id") ? std::optional{text_of(row, "message_id")} : std::nullopt, t.at, seconds,
              in ? language_of(c) : std::string{}, array_literal(flags), row.at("details").dump(),
              in || by_number ? std::nullopt : std::optional{std::string{"sent"}}));
    if (!in) return;
    row["text"] = t.text;
    row["at"] = to_rfc3339(t.at);
    write_raw(c, contact, row);
    if (channel == "fax") write_fax_image(contact);
}

void case_writer::write_mail(const demo_case& c, const turn& t, json& row) {
    const bool in = t.mark == '>';
    const auto host = in ? c.who->email.substr(c.who->email.find('@') + 1) : std::string{"example.com"};
    const auto subject = fill(c.story->at("subject"), c);
    row["subject"] = message_ids_.empty() ? subject : "Re: " + subject;
    row["message_id"] = random_hex(10) + "@" + host;
    if (in)
        row["recipients"] = {{"to", {party_json("email", support_address, "")}}};
    else
        row["from"] = party_json("email", support_address, "Lanternway Support");
    if (in) row["external_id"] = row["message_id"];
    row["details"] = {{"references", message_ids_}};
    if (!message_ids_.empty()) row["details"]["in_reply_to"] = json::array({message_ids_.back()});
    message_ids_.push_back(row["message_id"]);
}

/// What the gateway would have received. A fax has its image for that.
void case_writer::write_raw(const demo_case& c, std::int64_t contact, const json& row) {
    std::string type = "application/json", body = row.dump();
    if (channel_of(c) == "fax") {
        type = "image/tiff";
        body = fax_;
    } else if (channel_of(c) == "email") {
        type = "message/rfc822";
        const auto references = row.at("details").at("references").get<std::vector<std::string>>();
        body = fmt::format("From: {} <{}>\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\n", c.who->name, c.who->email,
                           support_address, text_of(row, "subject"), text_of(row, "message_id"));
        if (!references.empty()) body += fmt::format("In-Reply-To: <{}>\r\n", references.back());
        body +=
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
            text_of(row, "text");
    }
    query(tx_, "INSERT INTO contact_raw (contact_id, body, content_type) VALUES ($1, $2, $3)", contact,
          bytes_literal(body), type);
}

void case_writer::write_fax_image(std::int64_t contact) {
    query(tx_, R"(
        INSERT INTO attachment (contact_id, name, type, size, sha256, content)
        VALUES ($1, 'fax.tif', 'image/tiff', $2, $3, $4))",
          contact, fax_.size(), sha256_hex(fax_), bytes_literal(fax_));
}

/// The offer and what the timeline says of it.
void case_writer::write_work(const demo_case& c, const std::vector<turn>& turns, std::int64_t ticket) {
    const auto& q = center_.queues.at(c.story->at("queue"));
    const auto channel = channel_of(c);
    const auto taken = taken_at(c);
    const auto ended = turns.back().at + 2min;
    const auto offer = value_of<std::int64_t>(query(tx_, R"(
        INSERT INTO offer (
            ticket_id, agent_id, queue_id, channel, weight, state, epoch, created_at, expires_at, answered_at,
            ended_at)
        VALUES ($1, $2, $3, $4, $5, 'done', 0, $6, $7, $8, $9)
        RETURNING id)",
                                                    ticket, c.agent->id, q.id, channel, center_.weights.at(channel),
                                                    taken - 4s, taken + 16s, taken, ended));
    const auto tell = [&]<class E>(const E& e, timestamp at) {
        query(tx_, R"(
            INSERT INTO event (type, at, ticket_id, queue_id, agent_id, actor_id, data)
            VALUES ($1, $2, $3, $4, $5, $5, $6))",
              E::type, at, ticket, q.id, c.agent->id, data_of(e));
    };
    const auto now_is = read_summary(tx_, ticket);
    tell(events::offer_accepted{{offer, ticket, c.agent->id, "", c.agent->id, now_is}, false, {}, "", false}, taken);
    tell(events::ticket_changed{.change = c.held_until ? events::ticket_change::held : events::ticket_change::solved,
                                .released = c.agent->id,
                                .ticket = now_is,
                                .by = c.agent->id},
         ended);
}

} // namespace switchboard::store::demo
