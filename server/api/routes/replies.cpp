#include "api/all_routes.hpp"
#include "api/desk_answers.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::api {
namespace {

constexpr std::int64_t time_to_undo_s = 8;

constexpr std::size_t reply_bytes = 35u << 20;

result<std::vector<party>> mailboxes(const std::optional<list<recipient, 50>>& in, const std::string& field) {
    std::vector<party> out;
    if (!in) return out;
    for (std::size_t i = 0; i < in->items.size(); ++i) {
        const auto& r = in->items[i];
        if (!is_mail_address(r.value.value))
            return std::unexpected{
                invalid_field(field + "[" + std::to_string(i) + "].value", "must be an e-mail address")};
        out.push_back({"email", lower_ascii(r.value.value), plain<std::string>(r.name).value_or("")});
    }
    return out;
}

result<std::vector<attachment>> files(const std::optional<list<reply_attachment, 20>>& in) {
    std::vector<attachment> out;
    if (!in) return out;
    for (std::size_t i = 0; i < in->items.size(); ++i) {
        auto file = file_from(in->items[i], "attachments[" + std::to_string(i) + "].");
        if (!file) return std::unexpected{std::move(file.error())};
        out.push_back(std::move(*file));
    }
    return out;
}

reply_answer whole_reply(const store::sent_reply& done) {
    return {done.contact, done.ticket};
}

store::keep<store::sent_reply> keep_reply(const call& c, int status) {
    return keep<store::sent_reply>(c, status, [](const store::sent_reply& done) { return to_wire(whole_reply(done)); });
}

} // namespace

void add_reply_routes(route_table& table) {
    table
        .post(
            "/api/v1/tickets/{id}/replies", {who::person, permission::ticket_reply},
            "Answer the customer: e-mail is sent from the outbox, chat is delivered live, other channels are recorded",
            [](call c, body<reply_create> in) -> answer<created<reply_answer>> {
                desk::reply_draft draft;
                draft.text = in->text.value;
                if (in->html) draft.html = c.with.sanitize_html(in->html->value).html;
                auto to = mailboxes(in->to, "to"), cc = mailboxes(in->cc, "cc");
                if (!to) co_return std::unexpected{std::move(to.error())};
                if (!cc) co_return std::unexpected{std::move(cc.error())};
                auto attached = files(in->attachments);
                if (!attached) co_return std::unexpected{std::move(attached.error())};
                draft.to = std::move(*to);
                draft.cc = std::move(*cc);
                draft.attachments = std::move(*attached);
                draft.solve = plain<std::string>(in->solve);
                draft.by_mail = in->channel.has_value();
                draft.undo_s = time_to_undo_s;
                if (in->draft_files) draft.draft_files = plain<std::int64_t>(*in->draft_files);
                draft.draft_version = plain<std::int64_t>(in->draft_version);

                auto done = co_await made_of_draft(
                    c, "reply", c.with.desk.reply(c.id(), c.asker.eyes(), std::move(draft), keep_reply(c, 201)));
                if (!done) co_return std::unexpected{std::move(done.error())};
                co_return created<reply_answer>{whole_reply(*done)};
            })
        .limit(reply_bytes);
    table.post("/api/v1/contacts/{id}/undo", {who::person, permission::ticket_reply},
               "Take back a reply by e-mail that has not left yet",
               [](call c, body<nothing_more>) -> answer<reply_answer> {
                   auto done = co_await c.with.desk.undo_reply(c.id(), c.asker.eyes(), keep_reply(c, 200));
                   if (!done) co_return std::unexpected{to_problem(done.error())};
                   co_return whole_reply(*done);
               });
    table.post("/api/v1/contacts/{id}/retry", {who::person, permission::ticket_note},
               "Send a reply by e-mail again that has failed", [](call c, body<nothing_more>) -> answer<reply_answer> {
                   auto done = co_await c.with.desk.retry_reply(c.id(), c.asker.eyes(), keep_reply(c, 200));
                   if (!done) co_return std::unexpected{to_problem(done.error())};
                   co_return whole_reply(*done);
               });
}

} // namespace switchboard::api
