#include <switchboard/delivery/delivery.hpp>

#include <switchboard/channels/loop_mark.hpp>
#include <switchboard/channels/outbound_mail.hpp>
#include <switchboard/channels/reply_address.hpp>
#include <switchboard/model/events.hpp>
#include <switchboard/store/outbox.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/util/work_loop.hpp>

namespace switchboard::delivery {

namespace asio = boost::asio;

namespace {

constexpr std::size_t most_replies_at_once = 8;
constexpr std::string_view not_set_up = "sending is not set up: an admin sets smtp.url";

std::vector<channels::mail_address> addresses(const std::vector<party>& list) {
    std::vector<channels::mail_address> out;
    for (const auto& p : list) out.push_back({p.value, p.name});
    return out;
}

std::string compose(const store::due_mail& m, const secret_text& secret) {
    channels::outbound_mail mail;
    mail.from = {m.from.value, m.from.name};
    mail.to = addresses(m.to);
    mail.cc = addresses(m.cc);
    mail.reply_to = {{channels::reply_address(m.from.value, m.ticket_id, secret.reveal()), m.from.name}};
    mail.subject = m.head.subject;
    mail.text = m.text;
    mail.html = m.html;
    mail.signature = m.signature;
    mail.attachments = m.attachments;
    mail.message_id = m.head.message_id;
    mail.in_reply_to = m.head.in_reply_to;
    mail.references = m.head.references;
    mail.thread_topic = m.head.thread_topic;
    mail.answered_index = m.head.thread_index;
    mail.auto_submitted = m.auto_submitted;
    mail.loop_mark = channels::loop_mark(m.head.message_id, secret.reveal());
    mail.date = m.written_at;
    return channels::to_rfc5322(mail);
}

} // namespace

struct delivery::state : std::enable_shared_from_this<delivery::state> {
    store::outbox& box;
    outside::smtp_settings smtp;
    std::function<void()> bell;
    offload_pool sender{1, most_replies_at_once}; // SMTP blocks; one connection at a time is kind to a smarthost
    work_loop loop;
    delivery_figures figures;
    secret_text secret;

    state(asio::any_io_executor e, store::outbox& b, outside::smtp_settings s, std::function<void()> ring)
        : box{b}, smtp{std::move(s)}, bell{std::move(ring)}, loop{e} {}

    asio::awaitable<void> attempt(const store::due_mail& m) {
        std::vector<std::string> recipients;
        for (const auto* list : {&m.to, &m.cc})
            for (const auto& p : *list) recipients.push_back(p.value);
        auto job = [settings = smtp, from = m.auto_submitted.empty() ? m.from.value : "", recipients,
                    message = compose(m, secret)] { return outside::send_smtp(settings, from, recipients, message); };
        const auto v = judge(co_await offload(sender, std::move(job)));
        store::attempt_outcome outcome;
        outcome.error = v.error;
        const auto pause = v.again ? pause_after(m.attempts) : std::nullopt;
        if (v.sent) {
            ++figures.sent;
        } else if (pause) {
            outcome.what = store::attempt_outcome::kind::retry;
            outcome.retry_in_s = pause->count();
            ++figures.retried;
        } else {
            outcome.what = store::attempt_outcome::kind::failed;
            ++figures.failed;
        }
        if (!v.sent)
            log::warn("mail_not_sent", {{"contact", m.contact_id},
                                        {"attempt", m.attempts},
                                        {"error", v.error},
                                        {"again_in_s", pause ? pause->count() : -1}});
        co_await box.settle(m.id, std::move(outcome));
        bell();
    }

    asio::awaitable<std::optional<timestamp>> work_off() {
        if (secret.empty()) secret = co_await box.instance_secret();
        while (!loop.stopped()) {
            const auto due = co_await box.claim(1, 2 * smtp.timeout.count() + 60);
            if (due.empty()) break;
            co_await attempt(due.front());
        }
        co_return co_await box.next_due();
    }

    /// Without a smarthost nothing leaves; whoever looks at a mail of ours is to know.
    asio::awaitable<std::optional<timestamp>> say_so() {
        const auto next = co_await box.explain_due(std::string{not_set_up});
        bell();
        co_return next;
    }

    asio::awaitable<void> run() {
        const auto self = shared_from_this();
        co_await loop.run([this] { return smtp.url.empty() ? say_so() : work_off(); }, "outbox_unreadable");
    }
};

delivery::delivery(asio::any_io_executor executor, store::outbox& box, outside::smtp_settings smtp,
                   std::function<void()> bell)
    : state_{std::make_shared<state>(executor, box, std::move(smtp), std::move(bell))} {}
delivery::~delivery() {
    stop();
}

asio::awaitable<void> delivery::run() {
    return state_->run();
}

void delivery::stop() {
    state_->loop.stop();
}

void delivery::follow(std::span<const event> events) {
    for (const auto& e : events)
        if (e.type == events::contact_sent::type || e.type == events::contact_delivery::type) // a reply, or another try
            return state_->loop.wake();
}

delivery_figures delivery::figures() const {
    return state_->figures;
}

} // namespace switchboard::delivery
