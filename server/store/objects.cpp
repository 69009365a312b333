#include <switchboard/store/objects.hpp>

#include <switchboard/store/configuration.hpp>

#include "store/audit_notes.hpp"
#include "store/customer_rows.hpp"
#include "store/directory/rows.hpp"
#include "store/new_ids.hpp"
#include "store/noun_table.hpp"
#include "store/object_owners.hpp"
#include "store/run.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace switchboard::store {
namespace {

using nlohmann::json;

constexpr std::chrono::minutes clocks_differ_by{10}; // whoever sees the future would never be corrected
constexpr int attempts = 6;                          // each time another node wrote one of our keys first

using object_key = std::tuple<std::string, std::int64_t, std::string>; // source, kind, key

/// One of those that were sent, with what became of it so far.
struct work : owned_object {
    const object_kind* kind = nullptr;
    timestamp observed_at{};
    json data = json::object();

    void becomes(object_outcome what) { result.outcome = name_of(what); }
    object_key key() const { return {sent->source, kind->id, sent->key}; }
};

struct kept_object {
    std::int64_t id = 0;
    std::optional<std::int64_t> customer; // none: it was removed
    timestamp observed_at{};
    json data;
};

std::map<std::string, object_kind> all_kinds(pqxx::transaction_base& tx) {
    std::map<std::string, object_kind> out;
    const auto& table = table_of<object_kind>();
    for (const auto& row : query(tx, fmt::format("SELECT {} FROM {}", table.columns(), table.table))) {
        auto kind = from_row<object_kind>(row);
        out.emplace(kind.name, std::move(kind));
    }
    return out;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

/// What is wrong with it by itself.
void judge(work& w, const std::map<std::string, object_kind>& kinds, timestamp now) {
    const auto& s = *w.sent;
    if (!is_slug(s.source) || s.source.size() > 40) w.refuse("source", "must be small letters, digits, _ and -");
    if (trim(s.key).empty() || s.key.size() > 200 || std::ranges::any_of(s.key, is_control))
        w.refuse("key", "must be of 1 to 200 bytes that can be seen");
    const auto kind = kinds.find(s.kind);
    if (kind == kinds.end()) return w.refuse("kind", "is not there: an admin adds it to the object kinds");
    w.kind = &kind->second;
    w.observed_at = s.observed_at.value_or(now);
    if (w.observed_at > now + clocks_differ_by) w.refuse("observed_at", "is in the future");
    if (s.removed) return;
    if (!s.customer_id && s.identities.empty()) w.refuse("customer", "must say whose it is");
    w.data = own_json(s.values);
    for (auto& wrong : misfits(w.kind->fields, w.data, "data")) w.refuse(wrong.field, wrong.message);
}

std::map<object_key, kept_object> kept_objects(pqxx::transaction_base& tx, const std::vector<work>& all) {
    std::vector<std::string> sources, keys;
    std::vector<std::int64_t> kinds;
    for (const auto& w : all)
        if (!w.is_refused())
            sources.push_back(w.sent->source), kinds.push_back(w.kind->id), keys.push_back(w.sent->key);
    std::map<object_key, kept_object> out;
    for (const auto& r : query(tx, R"(
            SELECT o.id, o.source, o.kind_id, o.external_key, o.customer_id, o.observed_at, o.data
            FROM customer_object o
            WHERE (o.source, o.kind_id, o.external_key) IN (SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[]))
            ORDER BY o.id FOR UPDATE)",
                               array_literal(sources), array_literal(kinds), array_literal(keys)))
        out[{get<std::string>(r["source"]), get<std::int64_t>(r["kind_id"]), get<std::string>(r["external_key"])}] = {
            get<std::int64_t>(r["id"]), get<std::optional<std::int64_t>>(r["customer_id"]),
            get<timestamp>(r["observed_at"]), own_json(get<std::string>(r["data"]))};
    return out;
}

bool is_older(const work& w, const kept_object* kept) {
    return kept != nullptr && w.observed_at < kept->observed_at;
}

/// What becomes of it beside what is kept, when it is not older.
object_outcome decide(const work& w, const kept_object* kept) {
    const bool is_there = kept != nullptr && kept->customer;
    if (w.sent->removed) return is_there ? object_outcome::removed : object_outcome::unchanged;
    if (!is_there) return object_outcome::created;
    if (w.data == kept->data && w.customer == kept->customer) return object_outcome::unchanged;
    return object_outcome::updated;
}

/// Of those that are to be written, and of each key only the last.
void write_objects(pqxx::transaction_base& tx, const std::map<object_key, const work*>& all) {
    if (all.empty()) return;
    std::vector<std::int64_t> kinds, ids;
    std::vector<std::optional<std::int64_t>> customers, told_ids;
    std::vector<std::optional<std::string>> told_kinds, told_values;
    std::vector<std::string> sources, keys, data, times;
    for (const auto& [key, w] : all) {
        ids.push_back(*w->result.id), sources.push_back(w->sent->source), kinds.push_back(w->kind->id);
        keys.push_back(w->sent->key), customers.push_back(w->customer), data.push_back(w->data.dump());
        told_ids.push_back(w->sent->customer_id);
        told_kinds.push_back(w->told_by != nullptr ? std::optional{w->told_by->kind} : std::nullopt);
        told_values.push_back(w->told_by != nullptr ? std::optional{w->told_by->value} : std::nullopt);
        append_time(times.emplace_back(), w->observed_at);
    }
    query(tx, R"(
        INSERT INTO customer_object (id, source, kind_id, external_key, customer_id, data, observed_at,
                                     told_customer_id, told_kind, told_value)
        OVERRIDING SYSTEM VALUE
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::jsonb[],
                             $7::timestamptz[], $8::bigint[], $9::text[], $10::text[])
        ON CONFLICT (id) DO UPDATE SET customer_id = EXCLUDED.customer_id, data = EXCLUDED.data,
            observed_at = EXCLUDED.observed_at, received_at = now(), told_customer_id = EXCLUDED.told_customer_id,
            told_kind = EXCLUDED.told_kind, told_value = EXCLUDED.told_value)",
          array_literal(ids), array_literal(sources), array_literal(kinds), array_literal(keys),
          array_literal(customers), array_literal(data), array_literal(times), array_literal(told_ids),
          array_literal(told_kinds), array_literal(told_values));
}

/// An object that one of its customers, the old or the new, has or has no more.
using told_object = std::tuple<std::int64_t, std::int64_t, std::string>; // customer, object, kind

/// Who works on an open ticket of the customer sees it change.
void tell(pqxx::transaction_base& tx, const std::set<told_object>& changed, std::optional<std::int64_t> by) {
    if (changed.empty()) return;
    std::vector<std::int64_t> customers;
    for (const auto& [customer, object, kind] : changed) customers.push_back(customer);
    const auto tickets = query(tx, R"(
        SELECT id, customer_id, queue_id, owner_id FROM ticket
        WHERE customer_id = ANY($1::bigint[]) AND solved_at IS NULL ORDER BY id LIMIT 1000)",
                               array_literal(customers));
    for (const auto& t : tickets)
        for (const auto& [customer, object, kind] : changed)
            if (customer == get<std::int64_t>(t["customer_id"]))
                append_event(tx, events::object_changed{get<std::int64_t>(t["id"]), customer, object, kind},
                             {.ticket = get<std::int64_t>(t["id"]),
                              .queue = get<std::int64_t>(t["queue_id"]),
                              .agent = get<std::optional<std::int64_t>>(t["owner_id"]),
                              .actor = by});
}

std::vector<object_result> put_once(pqxx::connection& c, const std::vector<sent_object>& sent,
                                    std::optional<std::int64_t> by) {
    pqxx::work tx{c};
    const auto now = value_of<timestamp>(query(tx, "SELECT now()"));
    const auto kinds = all_kinds(tx);
    std::vector<work> all(sent.size());
    for (std::size_t i = 0; i < sent.size(); ++i) {
        all[i].sent = &sent[i];
        all[i].result.line = sent[i].line;
        judge(all[i], kinds, now);
    }
    std::vector<owned_object*> owned;
    for (auto& w : all) owned.push_back(&w);
    object_owners owners{tx, owned};
    auto kept = kept_objects(tx, all);
    new_ids ids{tx, "customer_object_id_seq"};
    std::map<object_key, const work*> last; // of one key the latest counts
    std::set<told_object> changed;
    for (auto& w : all) {
        owners.find(w);
        if (w.is_refused()) {
            w.becomes(object_outcome::refused);
            continue;
        }
        const auto key = w.key();
        const auto at = kept.find(key);
        const auto* before = at == kept.end() ? nullptr : &at->second;
        // To remove what is there now, whatever another clock said of it.
        if (w.sent->removed && !w.sent->observed_at && before != nullptr)
            w.observed_at = std::max(w.observed_at, before->observed_at);
        const auto whose_before = before != nullptr ? before->customer : std::nullopt;
        if (is_older(w, before)) {
            w.becomes(object_outcome::older);
            w.result.customer_id = whose_before;
            w.result.id = before->id;
            continue;
        }
        owners.make(w);
        const auto what = decide(w, before);
        w.becomes(what);
        w.result.customer_id = what == object_outcome::removed ? whose_before : w.customer;
        w.result.id = before != nullptr ? before->id : ids.next();
        if (what != object_outcome::unchanged)
            for (const auto& whose : {whose_before, w.customer})
                if (whose) changed.emplace(*whose, *w.result.id, w.sent->kind);
        kept[key] = {*w.result.id, w.customer, w.observed_at, w.data};
        last[key] = &w;
    }
    owners.write();
    write_objects(tx, last);
    tell(tx, changed, by);
    tx.commit();
    std::vector<object_result> out;
    for (auto& w : all) out.push_back(std::move(w.result));
    return out;
}

/// What is sensitive is left out, and named; so is what no field says any more, which may have been.
void mask(customer_object& o, const object_kind& kind) {
    auto shown = json::object();
    const std::string& known = o.data;
    const auto values = own_json(known); // items() of a temporary would outlive it
    for (const auto& [name, value] : values.items()) {
        const auto field =
            std::ranges::find(kind.fields, name, [](const typed_field& f) { return std::string{f.name}; });
        if (field != kind.fields.end() && !field->sensitive)
            shown[name] = value;
        else
            o.masked.push_back(name);
    }
    o.data = shown.dump();
}

} // namespace

boost::asio::awaitable<std::vector<object_result>> objects::put(std::vector<sent_object> all,
                                                                std::optional<std::int64_t> by) {
    return run(db_, [all = std::move(all), by](pqxx::connection& c) {
        for (int left = attempts;; --left) {
            try {
                return put_once(c, all, by);
            } catch (const pqxx::unique_violation&) {
                if (left == 1) throw;
            } catch (const pqxx::transaction_rollback&) {
                if (left == 1) throw;
            }
        }
    });
}

boost::asio::awaitable<std::optional<page<customer_object>>> objects::of(std::int64_t customer, viewer who,
                                                                         page_request part) {
    return run(db_, [=](pqxx::connection& c) -> std::optional<page<customer_object>> {
        pqxx::work tx{c};
        const auto one = read_customer(tx, customer, who);
        if (!one) return std::nullopt;
        const auto kinds = all_kinds(tx);
        const auto rows = query(tx, R"(
            SELECT o.id, o.source, k.name AS kind, k.title, o.external_key AS key, o.data, o.observed_at, o.received_at
            FROM customer_object o JOIN object_kind k ON k.id = o.kind_id
            WHERE o.customer_id = $1 AND o.id < $2 ORDER BY o.id DESC LIMIT $3)",
                                one->id, part.after == 0 ? INT64_MAX : part.after, part.limit + 1);
        return page_of<customer_object>(rows, part.limit, [&](const pqxx::row& r) {
            customer_object o;
            o.id = get<std::int64_t>(r["id"]);
            o.source = get<std::string>(r["source"]);
            o.kind = get<std::string>(r["kind"]);
            o.title = get<std::string>(r["title"]);
            o.key = get<std::string>(r["key"]);
            o.data = get<std::string>(r["data"]);
            o.observed_at = get<timestamp>(r["observed_at"]);
            o.received_at = get<timestamp>(r["received_at"]);
            mask(o, kinds.at(o.kind));
            return o;
        });
    });
}

boost::asio::awaitable<std::expected<unmasked_fields, refusal>>
objects::unmask(std::int64_t id, std::vector<std::string> fields, unmask_reason why, viewer who, actor by) {
    return run(db_, [=](pqxx::connection& c) -> std::expected<unmasked_fields, refusal> {
        pqxx::work tx{c};
        const auto rows =
            query(tx, "SELECT customer_id, data FROM customer_object WHERE id = $1 AND customer_id IS NOT NULL", id);
        if (rows.empty()) return std::unexpected{refusal::missing()};
        const auto whose = get<std::int64_t>(rows[0]["customer_id"]);
        if (!read_customer(tx, whose, who)) return std::unexpected{refusal::missing()};
        const auto values = own_json(get<std::string>(rows[0]["data"]));
        auto told = json::object();
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (!values.contains(fields[i]))
                return std::unexpected{refusal::invalid(fmt::format("fields[{}]", i), "has no value here")};
            told[fields[i]] = values[fields[i]];
        }
        audit_entry e;
        e.noun = "customer";
        e.noun_id = whose;
        e.details = json{{"object_id", id}, {"fields", fields}, {"reason", name_of(why)}}.dump();
        audit_notes notes{by};
        notes.add(tx, audit_kind::unmasked, std::move(e));
        tx.commit();
        notes.tell();
        return unmasked_fields{told.dump()};
    });
}

} // namespace switchboard::store
