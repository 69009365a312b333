#include "api/all_routes.hpp"
#include "api/desk_answers.hpp"
#include "api/user_asked_for.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/event.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/full_identities.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/store/tickets.hpp>
#include <switchboard/util/mail_address.hpp>

#include <algorithm>

namespace switchboard::api {
namespace {

// Where a promised time is missed before anybody has the ticket, and after.
const std::vector<std::string> queued{"waiting", "offered"}, in_hand{"active", "parked", "held"};

std::vector<std::string> states_of(std::string_view asked) {
    if (asked.empty()) return {};
    if (asked == "open") return {"waiting", "offered", "active", "parked", "held"};
    if (asked == "in_hand") return {"active", "parked"};
    if (asked == "solved_today") return {"solved"};
    return {std::string{asked}};
}

store::ticket_filter filter_of(const ticket_query& q) {
    store::ticket_filter f;
    f.states = states_of(q.state ? q.state->value : "");
    f.solved_today = q.state && q.state->value == "solved_today";
    f.late = q.late.has_value();
    if (q.late && !q.state) f.states = q.late->value == "waiting" ? queued : in_hand;
    f.queue_id = plain<std::int64_t>(q.queue_id);
    f.customer_id = plain<std::int64_t>(q.customer_id);
    f.channel = plain<std::string>(q.channel).value_or("");
    f.words = plain<std::string>(q.q).value_or("");
    std::string_view sort = q.sort ? std::string_view{q.sort->value} : "-last_contact_at";
    f.descending = sort.starts_with('-');
    if (f.descending) sort.remove_prefix(1);
    f.sort = sort == "id"           ? store::ticket_sort::id
             : sort == "enqueue_at" ? store::ticket_sort::enqueued
                                    : store::ticket_sort::last_contact;
    f.limit = plain<std::int64_t>(q.limit).value_or(50);
    f.after = plain<std::string>(q.after).value_or("");
    return f;
}

/// The rows of a timeline with their contacts filled in.
timeline filled(std::vector<store::timeline_row> rows, std::vector<contact_record> contacts, std::int64_t limit) {
    timeline out;
    if (std::ssize(rows) == limit) out.previous = rows.front().place;
    for (auto& row : rows) {
        timeline_entry entry{row.kind, row.at, {}, std::move(row.as_note), std::move(row.as_event)};
        if (row.kind == "contact") {
            const auto found = std::ranges::find(contacts, row.id, &contact_record::id);
            if (found == contacts.end()) continue;
            entry.contact = std::move(*found);
        }
        out.items.push_back(std::move(entry));
    }
    return out;
}

} // namespace

void add_ticket_routes(route_table& table) {
    table.get("/api/v1/tickets", permission::ticket_read, "Tickets that the asker may see",
              [](call c, query<ticket_query> q) -> answer<page<listed_ticket>> {
                  auto owner = user_asked_for(q->owner_id, "owner_id", c.asker);
                  if (!owner) co_return std::unexpected{std::move(owner.error())};
                  auto filter = filter_of(*q);
                  filter.owner_id = *owner;
                  auto found = co_await c.with.tickets.list(std::move(filter), c.asker.eyes());
                  if (!found) co_return std::unexpected{invalid_field("after", "is no place in this list")};
                  co_return std::move(*found);
              });
    table.get("/api/v1/tickets/{id}", permission::ticket_read, "One ticket", [](call c) -> answer<ticket> {
        co_return found_or_404(co_await c.with.tickets.get(c.id(), c.asker.eyes()));
    });
    table.patch("/api/v1/tickets/{id}", {who::person, permission::ticket_edit}, "Change what a ticket says of itself",
                [](call c, body<ticket_patch> in, if_match at) -> answer<ticket> {
                    desk::ticket_edit terms{plain<std::string>(in->subject),     plain<std::string>(in->language),
                                            plain<std::int64_t>(in->priority),   plain<std::int64_t>(in->tier),
                                            plain<std::int64_t>(in->difficulty), at.version};
                    co_return co_await whole_ticket(c, c.with.desk.edit(c.id(), c.asker.eyes(), std::move(terms)));
                });
    table.get("/api/v1/tickets/{id}/timeline", permission::ticket_read,
              "Contacts, notes and events of a ticket, oldest first",
              [](call c, query<timeline_query> q) -> answer<timeline> {
                  if (!co_await c.with.tickets.get(c.id(), c.asker.eyes()))
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such ticket"}};
                  const auto limit = plain<std::int64_t>(q->limit).value_or(50);
                  auto rows =
                      co_await c.with.tickets.timeline(c.id(), limit, plain<std::string>(q->before).value_or(""));
                  if (!rows) co_return std::unexpected{invalid_field("before", "is no place in this list")};
                  std::vector<std::int64_t> ids;
                  for (const auto& row : *rows)
                      if (row.kind == "contact") ids.push_back(row.id);
                  co_return filled(std::move(*rows), co_await c.with.contacts.get(std::move(ids)), limit);
              });
    table.post("/api/v1/tickets/{id}/notes", {who::person, permission::ticket_note},
               "Leave a note, for colleagues only", [](call c, body<note_create> in) -> answer<created<note>> {
                   auto done = co_await made_of_draft(c, "note",
                                                      c.with.desk.add_note(c.id(), c.asker.eyes(), in->text.value,
                                                                           plain<std::int64_t>(in->draft_version),
                                                                           keep<note>(c, 201)));
                   if (!done) co_return std::unexpected{std::move(done.error())};
                   co_return created<note>{std::move(*done)};
               });
    table.post("/api/v1/tickets/{id}/visitor", {who::person, permission::ticket_edit},
               "Keep the address or number that a chat's visitor gave, as an identity of the ticket's customer",
               [](call c, body<keep_claim_request> in) -> answer<ticket> {
                   const auto all = intake::full_identities(in->value.value, *c.with.intake.config());
                   const auto found = std::ranges::find(all, in->kind.value, &party::kind);
                   if (found == all.end())
                       co_return std::unexpected{invalid_field("value", "is no whole address or number")};
                   if (found->kind == "email" && !is_plain_mail_address(found->value))
                       co_return std::unexpected{invalid_field("value", "could be taken for another address")};
                   if (found->kind == "email" &&
                       c.with.intake.config()->own_addresses.contains(without_plus_tag(found->value)))
                       co_return std::unexpected{invalid_field("value", "is an address of ours")};
                   co_return co_await whole_ticket(
                       c,
                       c.with.desk.keep_claim(c.id(), c.asker.eyes(), {in->value.value, *found}, keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/transfer", {who::person, permission::ticket_transfer},
               "Give a ticket to another queue", [](call c, body<transfer_request> in) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.transfer(c.id(), c.asker.eyes(), in->queue_id,
                                                                           plain<std::string>(in->note).value_or(""),
                                                                           keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/escalate", {who::person, permission::ticket_escalate}, "Call for a supervisor",
               [](call c, body<escalate_request> in) -> answer<ticket> {
                   co_return co_await whole_ticket(
                       c, c.with.desk.escalate(c.id(), c.asker.eyes(), in->reason, keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/hold", {who::person, permission::ticket_hold}, "Put a ticket aside until a time",
               [](call c, body<hold_request> in) -> answer<ticket> {
                   if (in->until <= now()) co_return std::unexpected{invalid_field("until", "must be in the future")};
                   co_return co_await whole_ticket(c, c.with.desk.hold(c.id(), c.asker.eyes(), in->until,
                                                                       plain<std::string>(in->note).value_or(""),
                                                                       keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/resume", {who::person, permission::ticket_hold}, "Take a ticket up again",
               [](call c, body<nothing_more>) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.resume(c.id(), c.asker.eyes(), keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/solve", {who::person, permission::ticket_solve}, "Solve a ticket",
               [](call c, body<solve_request> in) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.solve(c.id(), c.asker.eyes(), in->disposition,
                                                                        plain<std::string>(in->note).value_or(""),
                                                                        keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/wrapup-done", {who::person, permission::ticket_solve},
               "End the work after a contact", [](call c, body<wrapup_done_request> in) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.end_wrapup(c.id(), c.asker.eyes(),
                                                                             plain<std::string>(in->disposition),
                                                                             keep<ticket>(c, 200)));
               });
    table.post("/api/v1/tickets/{id}/reopen", {who::person, permission::ticket_reopen}, "Open a solved ticket again",
               [](call c, body<nothing_more>) -> answer<ticket> {
                   co_return co_await whole_ticket(c, c.with.desk.reopen(c.id(), c.asker.eyes(), keep<ticket>(c, 200)));
               });
}

} // namespace switchboard::api
