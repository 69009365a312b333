#include <switchboard/channels/normalize.hpp>
#include <switchboard/intake/accept.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace switchboard::intake {
namespace {

/// What a replay does not need, and what must not be kept.
constexpr std::array<std::string_view, 13> not_kept{
    "authorization", "cookie", "proxy-authorization", "x-csrf-token", "host", "connection", "accept", "accept-encoding",
    "content-length", "user-agent", "x-request-id", "idempotency-key", "expect"};

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

/// The first refusal, if there is nothing else.
const refused_input* all_refused(const std::vector<normalized_record>& records) {
    const auto is_refused = [](const auto& record) { return std::holds_alternative<refused_input>(record); };
    if (records.empty() || !std::ranges::all_of(records, is_refused)) return nullptr;
    return &std::get<refused_input>(records.front());
}

} // namespace

boost::asio::awaitable<std::expected<std::vector<receipt>, refusal>> accept(intake& into, offload_pool& pool,
                                                                            const intake_gateway& from,
                                                                            http::request& r) {
    const auto raw = raw_of(r);
    auto job = [raw, kind = from.kind, settings = from.settings] {
        const channels::raw_input input{raw->body, raw->content_type, raw->headers, raw->query};
        return channels::normalize(kind, settings, input);
    };
    const auto id = from.id;
    auto records = co_await offload(pool, std::move(job));
    if (const auto* refused = all_refused(records))
        co_return std::unexpected{refusal{refused->status, refused->reason, refused->field}};
    co_return co_await into.receive(id, raw, std::move(records));
}

} // namespace switchboard::intake
