#include "api/all_routes.hpp"
#include "api/file_answer.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/contacts.hpp>
#include <switchboard/store/tickets.hpp>
#include <switchboard/util/offload.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace switchboard::api {
namespace {

problem no_contact() {
    return {.status = 404, .detail = "there is no such contact"};
}

answer<contact_record> visible_contact(const services& s, std::int64_t id, viewer eyes) {
    if (!co_await s.tickets.may_see_contact(id, std::move(eyes))) co_return std::unexpected{no_contact()};
    auto found = co_await s.contacts.get(id);
    if (!found) co_return std::unexpected{no_contact()};
    co_return std::move(*found);
}

answer<safe_html> visible_html(const services& s, std::int64_t id, viewer eyes) {
    auto contact = co_await visible_contact(s, id, std::move(eyes));
    if (!contact) co_return std::unexpected{contact.error()};
    auto job = [&s, html = std::move(contact->html)] { return s.sanitize_html(html); };
    co_return co_await offload(s.offload, std::move(job));
}

/// The address comes from the contact and never from the asker: nobody can make us ask for anything else.
answer<http::response> remote_picture_of(const services& s, std::int64_t id, std::int64_t n, viewer eyes) {
    const auto page = co_await visible_html(s, id, std::move(eyes));
    if (!page) co_return std::unexpected{page.error()};
    if (n > std::ssize(page->remote_pictures))
        co_return std::unexpected{problem{.status = 404, .detail = "this contact names no such picture"}};
    auto picture = co_await s.fetch_picture(page->remote_pictures[static_cast<std::size_t>(n - 1)]);
    if (!picture) co_return std::unexpected{problem{.status = 502, .detail = std::move(picture.error())}};
    http::response out{.content_type = std::move(picture->type), .body = std::move(picture->bytes)};
    out.headers = harmless("inline", "no-store");
    co_return out;
}

} // namespace

void add_contact_routes(route_table& table) {
    table.get("/api/v1/contacts", permission::quarantine_read,
              "Contacts that could not be understood, the newest first",
              [](call c, query<contact_query> q) -> answer<page<contact_record>> {
                  if (!q->outcome) co_return std::unexpected{invalid_field("outcome", "is required: quarantined")};
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await c.with.contacts.quarantined(*part);
              });
    table.get("/api/v1/contacts/{id}", permission::ticket_read, "One contact, normalised",
              [](call c) -> answer<contact_record> { return visible_contact(c.with, c.id(), c.asker.eyes()); });
    table
        .get("/api/v1/contacts/{id}/raw", permission::contact_raw, "A contact's bytes as they came",
             [](call c) -> answer<http::response> {
                 const auto contact = co_await visible_contact(c.with, c.id(), c.asker.eyes());
                 if (!contact) co_return std::unexpected{contact.error()};
                 auto raw = co_await c.with.contacts.raw(c.id());
                 if (!raw) co_return std::unexpected{problem{.status = 404, .detail = "we wrote this contact"}};
                 http::response out{.content_type = "application/octet-stream", .body = std::move(raw->body)};
                 out.headers = harmless(disposition(false, fmt::format("contact-{}.raw", c.id())));
                 std::string type = raw->content_type;
                 std::erase_if(type, [](char ch) { return ch < ' ' || ch > '~'; });
                 out.headers.emplace_back("X-Original-Content-Type", std::move(type));
                 co_return out;
             })
        .answers("application/octet-stream");
    table.get("/api/v1/contacts/{id}/html", permission::ticket_read, "A contact's HTML, made safe to show",
              [](call c) -> answer<contact_html> {
                  auto safe = co_await visible_html(c.with, c.id(), c.asker.eyes());
                  if (!safe) co_return std::unexpected{safe.error()};
                  co_return contact_html{std::move(safe->html), safe->blocked_remote, std::move(safe->remote_pictures)};
              });
    table
        .get(
            "/api/v1/contacts/{id}/picture", {who::person, permission::ticket_read},
            "A picture that a contact's HTML names elsewhere, fetched by us so that its server does not see the reader",
            [](call c, query<picture_query> q) -> answer<http::response> {
                if (!q->n) co_return std::unexpected{invalid_field("n", "is required: which picture, from 1")};
                co_return co_await remote_picture_of(c.with, c.id(), q->n->value, c.asker.eyes());
            })
        .depends_on_others()
        .answers("*/*");
    table
        .get("/api/v1/attachments/{id}", permission::ticket_read,
             "An attachment's bytes; inline=1 shows pictures and PDF",
             [](call c, query<attachment_query> q) -> answer<http::response> {
                 auto file = co_await c.with.contacts.attachment(c.id());
                 if (!file || !co_await c.with.tickets.may_see_contact(file->contact_id, c.asker.eyes()))
                     co_return std::unexpected{problem{.status = 404, .detail = "there is no such attachment"}};
                 co_return file_answer(file->about.name, file->about.type, std::move(file->content),
                                       q->show && q->show->value == "1");
             })
        .answers("*/*");
    table
        .get("/api/v1/attachments/{id}/pages/{n}.png", permission::ticket_read,
             "A page of a fax or scan as a picture, from 1",
             [](call c) -> answer<http::response> {
                 auto file = co_await c.with.contacts.attachment(c.id());
                 if (!file || !co_await c.with.tickets.may_see_contact(file->contact_id, c.asker.eyes()))
                     co_return std::unexpected{problem{.status = 404, .detail = "there is no such attachment"}};
                 auto job = [&with = c.with, bytes = std::move(file->content),
                             page = static_cast<int>(std::min<std::int64_t>(c.id(1), 9999))] {
                     return with.page_picture(bytes, page);
                 };
                 auto picture = co_await offload(c.with.offload, std::move(job));
                 if (!picture) co_return std::unexpected{problem{.status = 404, .detail = "this page cannot be shown"}};
                 http::response out{.content_type = "image/png", .body = std::move(*picture)};
                 out.headers = harmless("inline");
                 co_return out;
             })
        .answers("image/png");
}

} // namespace switchboard::api
