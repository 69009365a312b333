#include "api/wire/audit.hpp"
#include "api/all_routes.hpp"
#include "api/file_answer.hpp"
#include "api/wire/composed.hpp"

#include <switchboard/store/audit.hpp>
#include <switchboard/util/time.hpp>

#include <memory>

/// Who did what, and who came in: one list, and the same as a file.
namespace switchboard::api {
namespace {

constexpr std::int64_t lines_at_once = 500; // of an export: what is in memory

result<store::audit_filter> wanted_of(const audit_filter& q) {
    if (q.id && !q.noun) return std::unexpected{invalid_field("noun", "is required with id")};
    store::audit_filter out;
    out.what = plain<std::string>(q.what);
    out.noun = plain<std::string>(q.noun);
    out.id = plain<std::int64_t>(q.id);
    out.person = plain<std::int64_t>(q.person);
    out.about = plain<std::int64_t>(q.about);
    out.since = q.since, out.until = q.until;
    return out;
}

/// The rest of an export, a part at a time. What is noted while it runs is no part of it.
class lines {
public:
    lines(store::audit& from, store::audit_filter wanted) : from_{&from}, wanted_{std::move(wanted)} {}

    boost::asio::awaitable<std::string> next() {
        if (ended_) co_return std::string{};
        const auto part = co_await from_->list(wanted_, part_);
        std::string out;
        for (const auto& one : part.items) out += to_wire(one) + '\n';
        ended_ = !part.next;
        if (part.next) part_.after = part.items.back().id;
        co_return out;
    }

private:
    store::audit* from_;
    store::audit_filter wanted_;
    page_request part_{lines_at_once, 0};
    bool ended_ = false;
};

/// The filter as it was asked for.
std::string asked_for(const http::request& r) {
    auto out = datum::object();
    for (const auto& [name, value] : r.query) out.set(name, value);
    return to_json(datum::object({{"filter", out}}));
}

answer<http::response> export_all(call c, audit_filter q) {
    auto wanted = wanted_of(q);
    if (!wanted) co_return std::unexpected{std::move(wanted.error())};
    if (!wanted->until) wanted->until = now();
    audit_entry e;
    e.noun = "audit";
    e.details = asked_for(c.request);
    co_await c.with.audit.note(audit_kind::exported, std::move(e), c.by());
    const auto rest = std::make_shared<lines>(c.with.audit, std::move(*wanted));
    http::response out{.content_type = "application/x-ndjson",
                       .headers = {{"Content-Disposition", disposition(false, "audit.ndjson")}}};
    out.next_piece = [rest] { return rest->next(); };
    co_return out;
}

} // namespace

void add_audit_routes(route_table& table) {
    table.get("/api/v1/audit", permission::audit_read,
              "Who did what, with the fields before and after, and who came in; the newest first",
              [](call c, query<audit_query> q) -> answer<page<audit_record>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  auto wanted = wanted_of(*q);
                  if (!wanted) co_return std::unexpected{std::move(wanted.error())};
                  co_return co_await c.with.audit.list(std::move(*wanted), *part);
              });
    table
        .get("/api/v1/audit/export", permission::audit_read,
             "The same as a file, a JSON object in each line (NDJSON); the audit tells that it was asked for",
             [](call c, query<audit_filter> q) -> answer<http::response> { co_return co_await export_all(c, *q); })
        .answers("application/x-ndjson");
}

} // namespace switchboard::api
