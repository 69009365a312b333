#include "store/event_json.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

namespace {

json named_json(const named& n) {
    return {{"id", n.id}, {"name", n.name}};
}

template <class T>
json nullable(const std::optional<T>& v) {
    return v ? json(*v) : json();
}
json nullable(const std::optional<named>& v) {
    return v ? named_json(*v) : json();
}
json nullable(const std::optional<timestamp>& v) {
    return v ? json(to_rfc3339(*v)) : json();
}

} // namespace

json to_json(const ticket_summary& t) {
    return {{"id", t.id},
            {"number", t.number},
            {"state", t.state},
            {"queue", named_json(t.queue)},
            {"channel", t.channel},
            {"customer", nullable(t.customer)},
            {"subject", t.subject},
            {"tier", t.tier},
            {"priority", t.priority},
            {"language", t.language},
            {"owner", nullable(t.owner)},
            {"enqueue_at", to_rfc3339(t.enqueue_at)},
            {"due_at", nullable(t.due_at)},
            {"held_until", nullable(t.held_until)},
            {"escalated", t.escalated},
            {"disposition", nullable(t.disposition)},
            {"disposition_name", nullable(t.disposition_name)},
            {"opened_at", to_rfc3339(t.opened_at)},
            {"last_contact_at", to_rfc3339(t.last_contact_at)},
            {"solved_at", nullable(t.solved_at)},
            {"version", t.version}};
}

json to_json(const offer& o) {
    return {{"id", o.id},
            {"ticket", to_json(o.ticket)},
            {"agent_id", o.agent_id},
            {"channel", o.channel},
            {"state", o.state},
            {"created_at", to_rfc3339(o.created_at)},
            {"expires_at", to_rfc3339(o.expires_at)},
            {"waited_s", o.waited_s},
            {"why", own_json(o.why)}};
}

json to_json(const presence& p) {
    return {{"agent_id", p.agent_id},           {"state", p.state},
            {"channels", p.channels},           {"reason", p.reason},
            {"after_current", p.after_current}, {"since", to_rfc3339(p.since)}};
}

json to_json(const note& n) {
    return {{"id", n.id},
            {"ticket_id", n.ticket_id},
            {"author", nullable(n.author)},
            {"text", n.text},
            {"created_at", to_rfc3339(n.created_at)}};
}

json to_json(const party& p) {
    return {{"kind", p.kind}, {"value", p.value}, {"name", p.name}};
}

} // namespace switchboard::store
