#include "intake/understand.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/log.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <expected>
#include <string>
#include <utility>

namespace switchboard::intake {

namespace {

using raw_ptr = std::shared_ptr<const raw_message>;
using records = std::vector<normalized_record>;
using boost::asio::awaitable;

channels::raw_input input_of(const raw_message& raw) {
    return {raw.body, raw.content_type, raw.headers, raw.query};
}

/// Without a secret in the settings no proof is asked.
awaitable<records> normalized(offload_pool& pool, std::string kind, gateway_settings settings, raw_ptr raw,
                              std::string authorization) {
    return offload(pool, [kind = std::move(kind), settings = std::move(settings), raw = std::move(raw),
                          authorization = std::move(authorization)] {
        auto input = input_of(*raw);
        if (!authorization.empty()) input.headers.emplace_back("authorization", authorization);
        return channels::normalize(kind, settings, input);
    });
}

gateway_settings settings_for(const intake_gateway& from, const proof& p) {
    auto out = from.reading;
    if (p.given) out.secret = {};
    return out;
}

using errand = std::expected<channels::sns_errand, refused_input>;

awaitable<errand> errand_of(offload_pool& pool, gateway_settings settings, raw_ptr raw) {
    return offload(pool, [settings = std::move(settings), raw = std::move(raw)] {
        return channels::sns_errand_of(settings, input_of(*raw));
    });
}

bool is_any_refused(const records& all) {
    return std::ranges::any_of(all, [](const auto& record) { return std::holds_alternative<refused_input>(record); });
}

/// The mail as an input of its own, which a replay reads without asking anybody.
raw_ptr with_mail(const raw_message& notification, std::string mail) {
    auto out = std::make_shared<raw_message>();
    out->body = std::move(mail);
    out->content_type = "message/rfc822";
    out->headers = notification.headers;
    out->headers.emplace_back(channels::notification_header, notification.body);
    out->query = notification.query;
    out->remote = notification.remote;
    out->fetched = true;
    return out;
}

/// What the notification says of the mail is kept where somebody sees it, until the mail can be had.
void wait_for_mail(records& all, const channels::stored_mail& mail, const std::string& reason) {
    for (auto& record : all)
        if (auto* contact = std::get_if<inbound_contact>(&record))
            contact->quarantine = fmt::format("the mail lies in S3 as {}/{}: {}", mail.bucket, mail.key, reason);
}

refused_input without_signature() {
    return {.status = 401, .reason = "this is not signed by Amazon SNS", .field = "SigningCertURL"};
}

awaitable<void> follow_subscription(const outside& ask, const intake_gateway& from, const channels::sns_errand& e) {
    if (e.unsubscribed) log::warn("sns_subscription_ended", {{"gateway", from.name}, {"topic", e.topic}});
    if (e.confirmation.empty()) co_return;
    const auto confirmed = co_await ask.confirm(e.confirmation);
    if (!confirmed) throw not_now{"the subscription could not be confirmed: " + confirmed.error().reason};
    log::info("sns_subscription_confirmed", {{"gateway", from.name}, {"topic", e.topic}});
}

/// Amazon SES: the key of the signature, a subscription that waits to be confirmed, a mail in S3.
awaitable<understood> understand_ses(const outside& ask, offload_pool& pool, const intake_gateway& from, raw_ptr raw,
                                     proof p) {
    const auto e = co_await errand_of(pool, from.reading, raw);
    if (!e) co_return understood{raw, {e.error()}};
    auto settings = settings_for(from, p);
    bool proved = p.given || !settings.secret.empty();
    if (!proved && channels::is_proved_by_sns(from.kind, settings)) {
        if (e->certificate.empty()) co_return understood{raw, {without_signature()}};
        auto key = co_await ask.signing_key(e->certificate);
        if (!key && key.error().lasting) co_return understood{raw, {without_signature()}};
        if (!key) throw not_now{"the key of a signature could not be fetched: " + key.error().reason};
        settings.secret = std::move(*key);
        proved = true;
    }
    auto all = co_await normalized(pool, from.kind, settings, raw, {});
    // Our credentials and our word go only where a topic of our own sends them.
    if (!proved || !e->of_own_topic || is_any_refused(all)) co_return understood{raw, std::move(all)};
    co_await follow_subscription(ask, from, *e);
    if (!e->mail) co_return understood{raw, std::move(all)};

    auto mail = co_await ask.mail(*e->mail);
    if (!mail) {
        if (!mail.error().lasting) throw not_now{"a mail could not be fetched from S3: " + mail.error().reason};
        wait_for_mail(all, *e->mail, mail.error().reason);
        co_return understood{raw, std::move(all)};
    }
    const auto whole = with_mail(*raw, std::move(*mail));
    auto of_mail = co_await normalized(pool, from.kind, settings, whole, {});
    co_return understood{whole, std::move(of_mail)};
}

} // namespace

awaitable<understood> understand(const outside& ask, offload_pool& pool, const intake_gateway& from, raw_ptr raw,
                                 proof p) {
    if (from.kind == "ses") co_return co_await understand_ses(ask, pool, from, raw, p);
    auto all = co_await normalized(pool, from.kind, settings_for(from, p), raw, std::move(p.authorization));
    co_return understood{raw, std::move(all)};
}

} // namespace switchboard::intake
