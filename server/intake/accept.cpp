#include <switchboard/channels/normalize.hpp>
#include <switchboard/channels/sns.hpp>
#include <switchboard/intake/accept.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/util/hash.hpp>

#include "intake/understand.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace switchboard::intake {
namespace {

/// What a replay does not need, what must not be kept, and what only we may say.
constexpr std::array<std::string_view, 14> not_kept{"authorization",
                                                    "cookie",
                                                    "proxy-authorization",
                                                    "x-csrf-token",
                                                    "host",
                                                    "connection",
                                                    "accept",
                                                    "accept-encoding",
                                                    "content-length",
                                                    "user-agent",
                                                    "x-request-id",
                                                    "idempotency-key",
                                                    "expect",
                                                    channels::notification_header};

std::shared_ptr<const raw_message> raw_of(http::request& r) {
    auto raw = std::make_shared<raw_message>();
    raw->body = std::move(r.body);
    raw->content_type = r.header("content-type");
    for (const auto& header : r.headers)
        if (std::ranges::find(not_kept, header.first) == not_kept.end()) raw->headers.push_back(header);
    raw->query = r.query;
    raw->remote = r.remote;
    return raw;
}

/// What would be the external id of this record's contact; empty where it is none.
std::string_view external_id_of(const normalized_record& record) {
    if (const auto* contact = std::get_if<inbound_contact>(&record)) return contact->external_id;
    const auto* event = std::get_if<contact_event>(&record);
    return event != nullptr && event->unmatched ? std::string_view{event->unmatched->external_id} : std::string_view{};
}

/// Whether this is the record of which that contact was made: in quarantine, a part of an input is known by its hash.
bool is_of(const normalized_record& record, const store::kept_contact& kept) {
    if (kept.external_id == external_id_of(record)) return true;
    const auto* contact = std::get_if<inbound_contact>(&record);
    return contact != nullptr && !contact->own_bytes.empty() && kept.quarantined &&
           kept.external_id == "sha256:" + sha256_hex(contact->own_bytes);
}

/// Nothing in the input was understood before, so nothing that is in it now has been taken in.
bool was_one_whole(const std::vector<store::kept_contact>& kept) {
    return kept.size() == 1 && kept[0].quarantined;
}

/// Which contact of the input each record is: by external id or hash, else by place where there are as many of the one
/// as of the other. 0 = none. Events are counted with the contacts: they were contacts in quarantine before.
std::vector<std::int64_t> contacts_of(const std::vector<normalized_record>& records,
                                      const std::vector<store::kept_contact>& kept) {
    std::vector<std::int64_t> out(records.size());
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (std::holds_alternative<inbound_contact>(records[i]) || std::holds_alternative<contact_event>(records[i]))
            places.push_back(i);
    for (std::size_t n = 0; n < places.size(); ++n) {
        const auto same = std::ranges::find_if(kept, [&](const auto& k) { return is_of(records[places[n]], k); });
        const bool by_place = same == kept.end() && places.size() == kept.size();
        const auto found = by_place ? kept.begin() + static_cast<std::ptrdiff_t>(n) : same;
        if (found != kept.end() && found->quarantined) out[places[n]] = found->id;
    }
    // What was not understood as a whole may be several: the first stands for it.
    if (was_one_whole(kept) && !places.empty() && std::ranges::count(out, kept[0].id) == 0) out[places[0]] = kept[0].id;
    return out;
}

/// The first refusal, if there is nothing else.
const refused_input* all_refused(const std::vector<normalized_record>& records) {
    const auto is_refused = [](const auto& record) { return std::holds_alternative<refused_input>(record); };
    if (records.empty() || !std::ranges::all_of(records, is_refused)) return nullptr;
    return &std::get<refused_input>(records.front());
}

} // namespace

bool can_be_proved(const intake_gateway& gateway) {
    return gateway.kind == "ses" ? channels::names_topics(gateway.settings) : !gateway.settings.secret.empty();
}

boost::asio::awaitable<std::expected<std::vector<receipt>, refusal>>
accept(intake& into, offload_pool& pool, const intake_gateway& from, http::request& r) {
    if (into.hooks().no_room()) throw overloaded{"the disk is too full for anything new"};
    const auto id = from.id;
    proof shown{.authorization = std::string{r.header("authorization")}};
    auto taken = co_await understand(into.hooks().ask, pool, from, raw_of(r), std::move(shown));
    if (const auto* refused = all_refused(taken.records))
        co_return std::unexpected{refusal{refused->status, refused->reason, refused->field}};
    co_return co_await into.receive(id, std::move(taken.raw), std::move(taken.records));
}

boost::asio::awaitable<std::optional<std::vector<receipt>>>
take_test(intake& into, offload_pool& pool, const intake_gateway& from, std::string id, timestamp at) {
    auto sample = channels::sample_of(from.kind, from.settings, id, at);
    if (!sample) co_return std::nullopt;
    auto raw = std::make_shared<raw_message>();
    raw->body = std::move(sample->body);
    raw->content_type = std::move(sample->content_type);
    const auto gateway = from.id;
    auto taken = co_await understand(into.hooks().ask, pool, from, std::move(raw), proof{.given = true});
    for (auto& record : taken.records)
        if (auto* contact = std::get_if<inbound_contact>(&record)) contact->flags.emplace_back("test");
    co_return co_await into.receive(gateway, std::move(taken.raw), std::move(taken.records));
}

boost::asio::awaitable<std::optional<replay_counts>> replay(intake& into, offload_pool& pool, store::contacts& kept,
                                                            std::int64_t contact) {
    co_await into.reload(); // what was just set right may be newer than what intake has read
    auto input = co_await kept.quarantined_input(contact);
    if (!input) co_return std::nullopt;
    const auto config = into.config();
    const auto from = config->gateways.find(input->gateway_id);
    if (from == config->gateways.end()) co_return std::nullopt;
    const auto raw = std::make_shared<const raw_message>(std::move(input->raw));
    auto taken = co_await understand(into.hooks().ask, pool, from->second, raw, proof{.given = true});
    auto& records = taken.records;
    const auto ids = contacts_of(records, input->contacts);

    std::vector<normalized_record> again;
    std::vector<std::int64_t> mends;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const bool is_event = std::holds_alternative<contact_event>(records[i]); // intake knows those that it has
        const bool is_contact = std::holds_alternative<inbound_contact>(records[i]);
        if (ids[i] == 0 && !is_event && !(is_contact && was_one_whole(input->contacts))) continue;
        again.push_back(std::move(records[i]));
        mends.push_back(ids[i]);
    }
    replay_counts out{.tried = static_cast<std::size_t>(
                          std::ranges::count(input->contacts, true, &store::kept_contact::quarantined))};
    const auto receipts = co_await into.receive(input->gateway_id, taken.raw, std::move(again), mends);
    for (std::size_t i = 0; i < receipts.size(); ++i)
        out.understood += mends[i] != 0 && !receipts[i].outcome.empty() && receipts[i].outcome != "quarantined";
    co_return out;
}

} // namespace switchboard::intake
