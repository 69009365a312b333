#include "api/all_routes.hpp"
#include "api/desk_answers.hpp"
#include "api/file_answer.hpp"
#include "api/wire/draft.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/store/drafts.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::api {
namespace {

constexpr std::size_t file_body_bytes = 35u << 20; // in base64, as of a reply

/// As they stand in the composer: what is no address yet is judged when it is sent.
std::vector<party> recipients(const std::optional<list<recipient, 50>>& in) {
    std::vector<party> out;
    if (!in) return out;
    for (const auto& r : in->items) out.push_back({"email", r.value.value, plain<std::string>(r.name).value_or("")});
    return out;
}

result<std::string> kind_of(const call& c) {
    const auto& kind = c.values.at(1);
    if (kind == "reply" || kind == "note") return kind;
    return std::unexpected{problem{.status = 404, .detail = "a draft is a reply or a note"}};
}

problem no_such_file() {
    return {.status = 404, .detail = "there is no such file in a draft of yours"};
}

} // namespace

void add_draft_routes(route_table& table) {
    table.get("/api/v1/me/drafts", who::person,
              "One's own drafts, the newest first, with those of tickets that one may no longer see",
              [](call c, query<list_query> q) -> answer<page<own_draft>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await c.with.drafts.of(c.asker.eyes(), *part);
              });
    table.get("/api/v1/tickets/{id}/drafts", {who::person, permission::ticket_read},
              "One's own drafts on a ticket, and who else has one; nobody reads another's",
              [](call c) -> answer<ticket_drafts> {
                  auto found = co_await c.with.drafts.of_ticket(c.id(), c.asker.eyes());
                  if (!found) co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  co_return std::move(*found);
              });
    table.put("/api/v1/tickets/{id}/drafts/{kind}", {who::person, permission::ticket_note},
              "Keep what one is writing: a reply or a note. If-Match: the version that was read; If-None-Match: *: "
              "there is none yet. 412 brings what is there instead",
              [](call c, body<draft_put> in, if_match at) -> answer<draft> {
                  auto kind = kind_of(c);
                  if (!kind) co_return std::unexpected{std::move(kind.error())};
                  store::draft_terms terms{in->text.value, recipients(in->to), recipients(in->cc),
                                           plain<std::string>(in->channel), plain<std::int64_t>(in->basis)};
                  const store::draft_condition only_if{.version = at.version,
                                                       .none_yet = trim(c.request.header("if-none-match")) == "*"};
                  auto done = co_await c.with.drafts.write(c.id(), c.asker.eyes(), *kind, std::move(terms), only_if);
                  co_return co_await settle_change(std::move(done),
                                                   [&] { return c.with.drafts.one(c.id(), c.asker.eyes(), *kind); });
              });
    table.remove("/api/v1/tickets/{id}/drafts/{kind}", who::person, "Discard one's draft with its files",
                 [](call c, if_match at) -> answer<nothing> {
                     auto kind = kind_of(c);
                     if (!kind) co_return std::unexpected{std::move(kind.error())};
                     co_return settle_nothing(
                         co_await c.with.drafts.discard(c.id(), c.asker.eyes(), std::move(*kind), at.version));
                 });
    table
        .post("/api/v1/tickets/{id}/drafts/reply/files", {who::person, permission::ticket_note},
              "Put a file to one's reply before it is sent",
              [](call c, body<reply_attachment> in) -> answer<created<draft_file>> {
                  auto file = file_from(*in, "");
                  if (!file) co_return std::unexpected{std::move(file.error())};
                  co_return settle_created(co_await c.with.drafts.add_file(c.id(), c.asker.eyes(), std::move(*file),
                                                                           keep<draft_file>(c, 201)));
              })
        .limit(file_body_bytes);
    table
        .get("/api/v1/draft-files/{id}", who::person, "A file of one's own draft",
             [](call c) -> answer<http::response> {
                 auto found = co_await c.with.drafts.file(c.id(), c.asker.eyes());
                 if (!found) co_return std::unexpected{no_such_file()};
                 co_return file_answer(found->about.name, found->about.type, std::move(found->content), false);
             })
        .answers("*/*");
    table.remove("/api/v1/draft-files/{id}", who::person, "Take a file out of one's draft",
                 [](call c) -> answer<nothing> {
                     if (!co_await c.with.drafts.remove_file(c.id(), c.asker.eyes()))
                         co_return std::unexpected{no_such_file()};
                     co_return nothing{};
                 });
    table.put("/api/v1/tickets/{id}/read", {who::person, permission::ticket_read},
              "Say how far one has read a ticket: up to this contact, or without one, nothing of it",
              [](call c, body<read_put> in) -> answer<nothing> {
                  co_return settle_nothing(
                      co_await c.with.drafts.mark_read(c.id(), c.asker.eyes(), plain<std::int64_t>(in->contact_id)));
              });
}

} // namespace switchboard::api
