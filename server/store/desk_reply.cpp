#include "store/contact_rows.hpp"
#include "store/desk_act.hpp"
#include "store/draft_rows.hpp"
#include "store/locks.hpp"
#include "store/mail_details.hpp"
#include "store/reply_target.hpp"
#include "store/visitor_rows.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

/// Our words: committed first, sent afterwards by delivery (e-mail), by the live feed (chat), or only recorded.
namespace switchboard::store {

using kind = desk_refusal::kind;

namespace {

void insert_attachments(pqxx::transaction_base& tx, std::int64_t contact, const std::vector<attachment>& files) {
    for (const auto& f : files)
        query(tx, R"(
            INSERT INTO attachment (contact_id, name, type, size, sha256, content_id, is_inline, content)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8))",
              contact, f.name, f.type, f.content.size(), sha256_hex(f.content), f.content_id, f.is_inline,
              bytes_literal(f.content));
}

sent_reply after_reply(pqxx::transaction_base& tx, std::int64_t contact, std::int64_t ticket, const viewer& who) {
    return {read_contact(tx, contact).value(), read_ticket_after(tx, ticket, who)};
}

} // namespace

desk::answer<sent_reply> desk::reply(std::int64_t ticket, viewer who, reply_draft draft, keep<sent_reply> kept) {
    return act<sent_reply>(
        db_, ticket, std::move(who), ticket_action::reply, std::move(kept),
        [d = std::move(draft)](pqxx::work& tx, const locked_ticket& t, const viewer& me) -> desk_result<sent_reply> {
            if (auto stale = changed_draft(tx, t.id, me.user_id, "reply", d.draft_version))
                return std::unexpected{std::move(*stale)};
            auto target = find_answer_target(tx, t.id);
            if (d.by_mail && target.kind != "email") {
                auto mail = find_mail_to_visitor(tx, t.id);
                if (!mail)
                    return refuse(kind::invalid, "no visitor has left an address that we could mail to", "channel");
                target = std::move(*mail);
            }
            if (target.gateway_id == 0) target.gateway_id = t.gateway_id.value_or(0);
            if (target.gateway_id == 0)
                return refuse(kind::conflict, "this ticket has no contact that could be answered");
            if (!d.to.empty()) target.to = d.to;
            const bool mail = target.kind == "email";
            const bool chat = target.kind == "chat";
            if (mail && target.to.empty())
                return refuse(kind::invalid, "no person has written here: name whom the answer goes to", "to");
            const auto ticket_subject =
                value_of<std::string>(query(tx, "SELECT subject FROM ticket WHERE id = $1", t.id));
            if (target.mail.subject.empty()) target.mail.subject = ticket_subject;
            const auto head = mail ? answer_to(target.mail, std::to_string(t.id), target.from.address) : mail_head{};
            std::optional<std::int64_t> seq;
            if (chat)
                seq = value_of<std::int64_t>(query(tx, R"(
                    UPDATE chat_session
                    SET last_seq = last_seq + 1
                    WHERE id = $1
                    RETURNING last_seq)",
                                                   target.thread_key));
            const auto author = value_of<std::string>(query(tx, "SELECT name FROM users WHERE id = $1", me.user_id));
            const std::string from_name = mail && !target.from.name.empty() ? target.from.name : author;
            const auto sent =
                query(tx, R"(
                INSERT INTO contact (
                    gateway_id, external_id, ticket_id, customer_id, channel, direction, outcome, author_id,
                    from_kind, from_value, from_name, recipients, subject, text, html, thread_key, thread_seq,
                    message_id, occurred_at, details, delivery)
                VALUES (
                    $1, $2, $3, $4, $5, 'out', 'sent', $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, now(),
                    $17, $18)
                RETURNING id)",
                      target.gateway_id, "out:" + (mail ? head.message_id : random_hex(16)), t.id, t.customer_id,
                      mail ? "email" : t.channel, me.user_id, mail ? "email" : "", target.from.address, from_name,
                      recipients_json(target.to, d.cc), head.subject, d.text, d.html, target.thread_key, seq,
                      mail ? std::optional{head.message_id} : std::nullopt, details_of(head).dump(),
                      mail   ? std::optional<std::string>{"queued"}
                      : chat ? std::optional<std::string>{"sent"}
                             : std::nullopt);
            const auto id = get<std::int64_t>(sent[0]["id"]);
            insert_attachments(tx, id, d.attachments);
            if (!attach_draft_files(tx, id, t.id, me.user_id, d.draft_files))
                return refuse(kind::invalid, "names a file that your draft has not", "draft_files");
            if (d.draft_version) end_draft(tx, t.id, me.user_id, "reply");
            if (mail)
                query(tx, "INSERT INTO outbox (contact_id, next_at) VALUES ($1, now() + make_interval(secs => $2))", id,
                      d.undo_s);
            query(tx, R"(
                UPDATE ticket
                SET first_reply_at = coalesce(first_reply_at, now()), last_contact_at = now(),
                    version = version + 1
                WHERE id = $1)",
                  t.id);
            promise_answered(tx, t.id, "replied");
            const auto summary = read_summary(tx, t.id);
            events::contact_sent told{{.id = id,
                                       .channel = mail ? "email" : t.channel,
                                       .author_id = me.user_id,
                                       .preview = std::string{truncate_utf8(d.text, events::preview_bytes)}},
                                      summary};
            if (chat) told.chat = events::chat_words{target.thread_key, *seq, from_name, d.text};
            append_event(tx, told, {t.id, t.queue_id, t.owner_id, me.user_id});
            if (d.solve) {
                if (auto wrong = wrong_disposition(tx, t.queue_id, *d.solve, "solve"))
                    return std::unexpected{std::move(*wrong)};
                auto again = t;
                again.version = summary.version;
                solve_locked(tx, again, me, *d.solve);
            }
            return after_reply(tx, id, t.id, me);
        });
}

desk::answer<sent_reply> desk::undo_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept) {
    return run(
        db_,
        [contact_id, who = std::move(who), kept = std::move(kept),
         lasts_s = min_licence_validity_s_](pqxx::connection& c) -> desk_result<sent_reply> {
            once<sent_reply> work{c, kept};
            auto& tx = work.tx;
            const auto found =
                query(tx, "SELECT ticket_id, author_id, received_at FROM contact WHERE id = $1 AND outcome = 'sent'",
                      contact_id);
            if (found.empty() || get<std::optional<std::int64_t>>(found[0]["author_id"]) != who.user_id)
                return refuse(kind::not_found, "you have sent no such reply");
            const auto t = lock_ticket(tx, get<std::int64_t>(found[0]["ticket_id"]));
            const auto undone = query(tx, R"(
                UPDATE outbox
                SET state = 'cancelled'
                WHERE contact_id = $1 AND state = 'queued' AND attempts = 0 AND claimed_until IS NULL
                RETURNING id)",
                                      contact_id);
            if (undone.empty()) return refuse(kind::conflict, "it is too late: the reply is on its way");
            query(tx, "UPDATE contact SET delivery = 'cancelled' WHERE id = $1", contact_id);
            restore_draft(tx, contact_id, t->id, who.user_id);
            // Was the ticket solved together with this reply? Then its owner has it back.
            if (t->state == "solved" && !query(tx, R"(
                    SELECT FROM contact c
                    JOIN ticket t ON t.id = c.ticket_id
                    WHERE c.id = $1 AND t.solved_at = c.received_at)",
                                               contact_id)
                                             .empty()) {
                const auto owner = t->owner_id;
                std::optional<std::int64_t> released;
                if (owner) {
                    if (const auto missing = uncovered_licence(tx, t->id, *owner, lasts_s))
                        return refuse(kind::conflict, "the ticket was solved with this reply, and its owner does not "
                                                      "hold a valid " +
                                                          *missing + " any more: nothing was taken back");
                    lock_loads(tx, {*owner});
                    if (end_wrapup_of(tx, t->id, *owner) > 0) released = owner;
                }
                query(tx, R"(
                    UPDATE ticket
                    SET state = 'waiting', owner_id = NULL,
                        preferred_agent_id = coalesce(owner_id, preferred_agent_id), solved_at = NULL,
                        disposition = NULL, version = version + 1
                    WHERE id = $1)",
                      t->id);
                promise_taken_back(tx, t->id, get<timestamp>(found[0]["received_at"]));
                promise_follows(tx, t->id, "answer taken back"); // a solved one does not
                if (owner) // he had it seconds ago, so his hands may be fuller by it than they should be
                    give_back(tx, *t, *owner, who, events::ticket_change::reopened, released);
                else
                    tell_change(tx, {.change = events::ticket_change::reopened}, who, *t);
            } else {
                promise_taken_back(tx, t->id, get<timestamp>(found[0]["received_at"]));
            }
            append_event(tx,
                         events::contact_delivery{.contact_id = contact_id,
                                                  .ticket_id = t->id,
                                                  .delivery = "cancelled",
                                                  .detail = "taken back",
                                                  .ticket = read_summary(tx, t->id)},
                         {t->id, t->queue_id, t->owner_id, who.user_id});
            auto done = after_reply(tx, contact_id, t->id, who);
            work.commit(done);
            return done;
        });
}

desk::answer<sent_reply> desk::retry_reply(std::int64_t contact_id, viewer who, keep<sent_reply> kept) {
    return run(
        db_,
        [contact_id, who = std::move(who), kept = std::move(kept)](pqxx::connection& c) -> desk_result<sent_reply> {
            once<sent_reply> work{c, kept};
            auto& tx = work.tx;
            const auto found =
                query(tx, "SELECT ticket_id FROM contact WHERE id = $1 AND outcome = 'sent'", contact_id);
            if (found.empty()) return refuse(kind::not_found, "there is no such reply");
            const auto t = lock_ticket(tx, get<std::int64_t>(found[0]["ticket_id"]));
            if (auto why_not = obstacle_to(ticket_action::note, who, *t))
                return why_not->why == kind::not_found ? refuse(kind::not_found, "there is no such reply")
                                                       : std::unexpected{std::move(*why_not)};
            const auto again = query(tx, R"(
                UPDATE outbox
                SET state = 'queued', attempts = 0, next_at = now(), set_at = now(), last_error = ''
                WHERE contact_id = $1 AND state = 'failed'
                RETURNING id)",
                                     contact_id);
            if (again.empty()) return refuse(kind::conflict, "only a reply that failed can be sent again");
            query(tx, "UPDATE contact SET delivery = 'queued' WHERE id = $1", contact_id);
            append_event(tx, events::contact_delivery{contact_id, t->id, "queued"},
                         {t->id, t->queue_id, t->owner_id, who.user_id});
            auto done = after_reply(tx, contact_id, t->id, who);
            work.commit(done);
            return done;
        });
}

} // namespace switchboard::store
