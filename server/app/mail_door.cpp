#include "app/mail_door.hpp"

#include <switchboard/intake/accept.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/util/log.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace switchboard::app {

namespace asio = boost::asio;
using web::delivery_answer;
using web::recipient_answer;

namespace {

/// An unknown recipient may be newer than what intake has read; strangers must not make a query each by it.
constexpr std::chrono::seconds between_looks{1};

web::mail_server_options options_of(const config& c, web::mail_protocol protocol, const std::string& listen) {
    web::mail_server_options o;
    o.protocol = protocol;
    o.listen = listen;
    o.hostname = c.mail_hostname;
    o.tls_certificate = c.server_tls_certificate;
    o.tls_key = c.server_tls_key;
    o.message_bytes = static_cast<std::size_t>(c.mail_max_message_mb) << 20;
    o.buffered_bytes = static_cast<std::size_t>(c.mail_max_buffered_mb) << 20;
    o.recipients = static_cast<std::size_t>(c.mail_max_recipients);
    o.max_connections = static_cast<std::size_t>(c.mail_max_connections);
    // LMTP is spoken by our own mail server, which may use all.
    if (protocol == web::mail_protocol::smtp)
        o.connections_each = static_cast<std::size_t>(c.mail_smtp_connections_per_address);
    o.command_timeout = std::chrono::seconds{c.mail_command_timeout};
    o.data_timeout = std::chrono::seconds{c.mail_data_timeout};
    return o;
}

http::request request_of(const web::mail_message& mail, const std::vector<std::size_t>& recipients,
                         std::string content) {
    http::request r;
    r.headers = {{"content-type", "message/rfc822"}};
    for (const auto i : recipients) r.query.emplace_back("rcpt", mail.recipients[i]);
    r.query.emplace_back("mail_from", mail.from);
    r.body = std::move(content);
    r.remote = mail.remote;
    return r;
}

} // namespace

mail_door::mail_door(asio::io_context& io, const config& c, intake::intake& into, offload_pool& pool)
    : into_{into}, pool_{pool}, lmtp_{make_server(io, c, web::mail_protocol::lmtp, c.mail_lmtp_listen)},
      smtp_{make_server(io, c, web::mail_protocol::smtp, c.mail_smtp_listen)} {}

std::unique_ptr<web::mail_server> mail_door::make_server(asio::io_context& io, const config& c,
                                                         web::mail_protocol protocol, const std::string& listen) {
    if (listen.empty()) return {};
    return std::make_unique<web::mail_server>(
        io, options_of(c, protocol, listen), [this](std::string address) { return check(std::move(address)); },
        [this](web::mail_message mail) { return take(std::move(mail)); });
}

void mail_door::start() {
    for (auto* server : {lmtp_.get(), smtp_.get()})
        if (server) server->start();
}

asio::awaitable<void> mail_door::stop(std::chrono::milliseconds grace) {
    for (auto* server : {lmtp_.get(), smtp_.get()})
        if (server) co_await server->stop(grace);
}

std::uint16_t mail_door::lmtp_port() const {
    return lmtp_ ? lmtp_->port() : std::uint16_t{0};
}

std::size_t mail_door::connections() const {
    std::size_t out = 0;
    for (const auto* server : {lmtp_.get(), smtp_.get()})
        if (server) out += server->connections();
    return out;
}

asio::awaitable<void> mail_door::take_fetched(const intake::intake_gateway& from, http::request mail) {
    const auto taken = co_await intake::accept(into_, pool_, from, mail);
    // No mail is refused, it is quarantined: should that not be true any more, it must not go unseen.
    if (!taken) log::error("mail_refused", {{"gateway", from.name}, {"reason", taken.error().reason}});
}

const intake::mailboxes* mail_door::known() {
    auto now = into_.config();
    if (!now) return nullptr;
    if (now != config_) {
        addresses_.emplace(*now);
        config_ = std::move(now);
    }
    return &*addresses_;
}

asio::awaitable<void> mail_door::look_again() {
    const auto now = std::chrono::steady_clock::now();
    if (now - looked_ < between_looks) co_return;
    looked_ = now;
    co_await into_.reload();
}

asio::awaitable<recipient_answer> mail_door::check(std::string address) {
    if (!known()) co_return recipient_answer::not_now;
    auto id = addresses_->find(address);
    if (id == 0) {
        co_await look_again();
        id = known()->find(address);
    }
    if (id == 0) co_return recipient_answer::unknown;
    co_return config_->gateways.at(id).enabled ? recipient_answer::ours : recipient_answer::off;
}

asio::awaitable<std::vector<delivery_answer>> mail_door::take(web::mail_message mail) {
    std::vector<delivery_answer> answers(mail.recipients.size(), delivery_answer::not_now);
    if (!known()) co_return answers;
    const auto config = config_;                             // others may bring a newer one while we wait
    std::map<std::int64_t, std::vector<std::size_t>> shares; // gateway -> which recipients
    for (std::size_t i = 0; i < mail.recipients.size(); ++i)
        if (const auto id = addresses_->find(mail.recipients[i]); id != 0 && config->gateways.at(id).enabled)
            shares[id].push_back(i); // one that has gone since is asked for again, and told so then
    for (auto left = shares.size(); const auto& [id, recipients] : shares) {
        auto answer = delivery_answer::kept;
        try {
            auto request = request_of(mail, recipients, --left == 0 ? std::move(mail.content) : mail.content);
            const auto done = co_await intake::accept(into_, pool_, config->gateways.at(id), request);
            if (!done) answer = delivery_answer::refused;
        } catch (const overloaded&) {
            answer = delivery_answer::overloaded;
        } catch (const std::exception& e) {
            answer = delivery_answer::not_now;
            log::warn("mail_not_kept", {{"gateway", id}, {"reason", e.what()}});
        }
        for (const auto i : recipients) answers[i] = answer;
    }
    co_return answers;
}

} // namespace switchboard::app
