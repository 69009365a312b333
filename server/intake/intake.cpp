#include <switchboard/intake/intake.hpp>

#include "intake/group_commit.hpp"

#include <switchboard/channels/loop_mark.hpp>
#include <switchboard/channels/reply_address.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard::intake {

namespace asio = boost::asio;

namespace {

/// The recipients that may name a ticket are asked once, here, since it takes an HMAC each.
std::vector<std::int64_t> reply_tokens(const normalized_record& record, const secret_text& secret) {
    std::vector<std::int64_t> out;
    const auto* event = std::get_if<contact_event>(&record);
    const auto* contact = event != nullptr ? event->unmatched.get() : std::get_if<inbound_contact>(&record);
    if (contact == nullptr) return out;
    for (const auto& address : contact->mail.recipients)
        if (const auto ticket = channels::ticket_of_reply_address(address, secret.reveal())) out.push_back(*ticket);
    return out;
}

/// A mail of ours that has come back is known by its mark. Where we have it, planning takes it for that one.
bool take_back(inbound_contact& contact, const std::string& secret) {
    auto& mail = contact.mail;
    if (mail.loop_mark.empty() || !channels::is_loop_mark(mail.loop_mark, mail.message_id, secret)) return false;
    if (mail.own_sender) contact.direction = "out";
    return true;
}

receipt unkept(std::string outcome, std::string detail) {
    receipt out;
    out.outcome = std::move(outcome);
    out.detail = std::move(detail);
    return out;
}

} // namespace

intake::intake(asio::any_io_executor executor, store::database& db, intake_hooks hooks, intake_options options,
               secret_box box)
    : hooks_{std::move(hooks)},
      commits_{std::make_shared<group_commit>(std::move(executor), db, options, std::move(box))} {
    commits_->after_commit = [this](const store::intake_done& done) {
        hooks_.committed(done);
        hooks_.bell();
    };
}

intake::~intake() {
    commits_->after_commit = nullptr;
}

asio::awaitable<void> intake::reload() {
    return commits_->reload();
}

std::shared_ptr<const intake_config> intake::config() const {
    return commits_->config;
}

intake_counts intake::counts() const {
    return commits_->counts;
}

asio::awaitable<std::vector<receipt>> intake::receive(std::int64_t gateway_id, std::shared_ptr<const raw_message> raw,
                                                      std::vector<normalized_record> records,
                                                      std::vector<std::int64_t> mends) {
    const auto self = commits_;
    if (!self->config) throw store::unavailable{"the configuration is not read yet"};
    std::vector<receipt> receipts(records.size());
    auto job = std::make_shared<waiting_input>(self->executor, raw->body.size());
    std::vector<std::size_t> kept; // which record each of the job's items is
    const auto received = now();
    for (std::size_t i = 0; i < records.size(); ++i) {
        auto& record = records[i];
        if (const auto* ignored = std::get_if<ignored_input>(&record)) {
            receipts[i] = unkept("ignored", ignored->reason);
        } else if (const auto* refused = std::get_if<refused_input>(&record)) {
            receipts[i] = unkept("refused", refused->reason);
        } else {
            auto item = std::make_shared<store::intake_item>();
            item->gateway_id = gateway_id;
            item->raw = raw;
            item->received_at = received;
            if (!mends.empty() && mends.at(i) != 0) item->mends = mends[i];
            item->reply_tokens = reply_tokens(record, self->config->instance_secret);
            if (auto* contact = std::get_if<inbound_contact>(&record)) {
                item->ours = take_back(*contact, self->config->instance_secret.reveal());
                item->record = std::move(*contact);
            } else {
                item->record = std::move(std::get<contact_event>(record));
            }
            auto belongings = belongings_of(*item);
            job->belongs_to.insert(job->belongs_to.end(), std::make_move_iterator(belongings.begin()),
                                   std::make_move_iterator(belongings.end()));
            job->items.push_back(std::move(item));
            kept.push_back(i);
        }
    }
    if (job->items.empty()) co_return receipts;

    self->enter(job);
    boost::system::error_code cancelled; // which is how the commit tells
    while (!job->done) co_await job->bell.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    if (job->error) std::rethrow_exception(job->error);
    for (std::size_t k = 0; k < kept.size(); ++k) receipts[kept[k]] = std::move(job->receipts[k]);
    co_return receipts;
}

} // namespace switchboard::intake
