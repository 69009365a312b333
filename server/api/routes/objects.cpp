#include "api/wire/objects.hpp"
#include "api/all_routes.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/full_identities.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/objects.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>

/// What other systems know of customers: orders, accounts, policies.
namespace switchboard::api {
namespace {

constexpr std::size_t most_bytes = 32u << 20, most_lines = 20'000;
constexpr std::size_t at_once = 500; // in one transaction

/// Whose it is; what is wrong with an address stands in `wrong`.
store::sent_object sent_by(const call& c, const object_owner& owner, std::vector<field_error>& wrong) {
    store::sent_object out;
    out.customer_id = plain<std::int64_t>(owner.id);
    out.name = plain<std::string>(owner.name).value_or("");
    const auto add = [&](const char* kind, const char* field, const auto& written) {
        if (!written) return;
        if (auto one = intake::written_identity(kind, written->value, *c.with.intake.config()))
            out.identities.push_back(std::move(*one));
        else
            wrong.push_back({std::string{"customer."} + field, one.error()});
    };
    add("email", "email", owner.email);
    add("tel", "phone", owner.phone);
    return out;
}

problem refused(const std::vector<object_mistake>& mistakes) {
    problem p{.status = 422, .detail = mistakes.front().field + " " + mistakes.front().message};
    for (const auto& m : mistakes) p.errors.push_back({m.field, m.message});
    return p;
}

object_result not_taken(std::int64_t line, const std::vector<field_error>& errors) {
    object_result out;
    out.line = line;
    out.outcome = name_of(object_outcome::refused);
    for (const auto& e : errors) out.errors.push_back({e.field, e.message});
    return out;
}

/// A line that can be read, or what is wrong with it.
std::expected<store::sent_object, object_result> read_line(const call& c, std::string_view text, std::int64_t number) {
    const auto document = json_document::parse(text);
    if (!document) return std::unexpected{not_taken(number, {{"", "is " + document.error()}})};
    object_line in;
    decoder d;
    decode(d, document->root(), in);
    if (auto wrong = invalid(d)) return std::unexpected{not_taken(number, wrong->errors)};
    std::vector<field_error> wrong;
    const bool removed = in.removed.value_or(false);
    store::sent_object out;
    if (!removed && !in.data) wrong.push_back({"data", "is required"});
    if (!removed && in.customer) out = sent_by(c, *in.customer, wrong);
    if (!wrong.empty()) return std::unexpected{not_taken(number, wrong)};
    out.line = number;
    out.removed = removed;
    out.source = in.source.value, out.kind = in.kind.value, out.key = in.key.value;
    out.observed_at = in.observed_at;
    if (in.data) out.values = std::move(in.data->json);
    return out;
}

void count(object_results& all) {
    for (const auto& r : all.results) {
        switch (named_value<object_outcome>(r.outcome).value()) {
        case object_outcome::created:
            ++all.created;
            break;
        case object_outcome::updated:
            ++all.updated;
            break;
        case object_outcome::unchanged:
            ++all.unchanged;
            break;
        case object_outcome::older:
            ++all.older;
            break;
        case object_outcome::removed:
            ++all.removed;
            break;
        case object_outcome::refused:
            ++all.refused;
            break;
        }
    }
}

boost::asio::awaitable<void> write(const call& c, std::vector<store::sent_object>& batch, object_results& to) {
    if (batch.empty()) co_return;
    auto done = co_await c.with.objects.put(std::exchange(batch, {}), c.asker.user_id);
    std::ranges::move(done, std::back_inserter(to.results));
}

std::size_t lines_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n')) + (!text.empty() && !text.ends_with('\n'));
}

answer<object_results> put_lines(call c) {
    // Its lines are many transactions, each of which knows what it has already: no one answer is kept for a repeat.
    if (!c.request.header("idempotency-key").empty())
        co_return std::unexpected{problem{
            .status = 400,
            .detail = "this takes no Idempotency-Key: send observed_at in each line, and a repeat changes nothing"}};
    if (lines_of(c.request.body) > most_lines)
        co_return std::unexpected{problem{.status = 413, .detail = "has more than 20,000 lines: nothing is taken"}};
    object_results out;
    std::vector<store::sent_object> batch;
    std::int64_t number = 0;
    std::string_view rest = c.request.body;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('\n'), rest.size());
        const auto line = trim(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (line.empty()) continue;
        if (auto one = read_line(c, line, number))
            batch.push_back(std::move(*one));
        else
            out.results.push_back(std::move(one.error()));
        if (batch.size() == at_once) co_await write(c, batch, out);
    }
    co_await write(c, batch, out);
    std::ranges::sort(out.results, {}, &object_result::line);
    count(out);
    co_return out;
}

/// The object that the path names, as the call sends it.
answer<object_result> put_one(const call& c, store::sent_object sent) {
    sent.line = 1;
    sent.source = c.values[0], sent.kind = c.values[1], sent.key = c.values[2];
    std::vector<store::sent_object> one;
    one.push_back(std::move(sent));
    auto done = co_await c.with.objects.put(std::move(one), c.asker.user_id);
    if (!done.front().errors.empty()) co_return std::unexpected{refused(done.front().errors)};
    co_return std::move(done.front());
}

} // namespace

void add_object_routes(route_table& table) {
    table.put("/api/v1/objects/{source}/{kind}/{key}", permission::object_write,
              "Tell what another system knows of a customer; what was seen earlier changes nothing",
              [](call c, body<object_put> in) -> answer<object_result> {
                  std::vector<field_error> wrong;
                  auto sent = sent_by(c, in->customer, wrong);
                  if (!wrong.empty())
                      co_return std::unexpected{invalid_field(wrong.front().field, wrong.front().message)};
                  sent.observed_at = in->observed_at;
                  sent.values = std::move(in->data.json);
                  co_return co_await put_one(c, std::move(sent));
              });
    table.remove("/api/v1/objects/{source}/{kind}/{key}", permission::object_write,
                 "The object is no more; what was seen earlier does not bring it back",
                 [](call c, query<object_removal> q) -> answer<object_result> {
                     store::sent_object gone;
                     gone.observed_at = q->observed_at;
                     gone.removed = true;
                     auto done = co_await put_one(c, std::move(gone));
                     if (done && done->outcome == name_of(object_outcome::unchanged))
                         co_return std::unexpected{problem{.status = 404, .detail = "there is no such object"}};
                     co_return done;
                 });
    table
        .post("/api/v1/objects", permission::object_write,
              "Tell many at once, a JSON object in each line (NDJSON), at most 20,000; each is taken or refused by "
              "itself",
              [](call c) -> answer<object_results> { co_return co_await put_lines(c); })
        .harmless()
        .limit(most_bytes);
    table
        .post("/api/v1/objects/{id}/unmask", permission::customer_sensitive,
              "Sensitive fields with their values; who saw whose, which and why stands in the audit",
              [](call c, body<unmask_request> in) -> answer<unmasked_fields> {
                  if (in->fields.items.empty()) co_return std::unexpected{invalid_field("fields", "must name one")};
                  co_return settle(co_await c.with.objects.unmask(c.id(), plain<std::string>(in->fields),
                                                                  named_value<unmask_reason>(in->reason.value).value(),
                                                                  c.asker.eyes(), c.by()));
              })
        .harmless()
        .secret();
    table.get("/api/v1/customers/{id}/objects", permission::customer_read,
              "What other systems know of the customer, the newest first; what is sensitive is only named",
              [](call c, query<objects_query> q) -> answer<page<customer_object>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return found_or_404(co_await c.with.objects.of(c.id(), c.asker.eyes(), *part));
              });
}

} // namespace switchboard::api
