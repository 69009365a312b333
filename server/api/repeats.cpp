#include "api/repeats.hpp"

#include <switchboard/store/idempotency.hpp>
#include <switchboard/util/hash.hpp>

#include <algorithm>
#include <memory>

namespace switchboard::api {
namespace {

constexpr std::size_t longest_key = 200;

http::response again(const route& r, const http::request& request, store::earlier_request earlier) {
    using enum store::earlier_request::state;
    if (earlier.known == other)
        return to_response({.status = 422, .detail = "this Idempotency-Key belongs to a different request"}, request);
    if (earlier.known == running) {
        problem busy{.status = 409, .detail = "the first request with this Idempotency-Key is still at work"};
        busy.retry_after = 1;
        return to_response(busy, request);
    }
    if (r.secret_answer)
        return to_response({.status = 409, .detail = "this was done already; its secret is shown only once"}, request);
    http::response out{.status = earlier.status, .body = std::move(earlier.body)};
    out.headers.emplace_back("Idempotent-Replayed", "true");
    return out;
}

} // namespace

bool repeats::apply_to(const route& r, const http::request& request) {
    return r.recognises_repeats() && !request.header("idempotency-key").empty();
}

boost::asio::awaitable<http::response> repeats::once(const route& r, const http::request& request,
                                                     const principal& asker, work first_time) const {
    const std::string key{request.header("idempotency-key")};
    const auto is_printable = [](char c) { return c > ' ' && c < 0x7F; };
    if (key.size() > longest_key || !std::ranges::all_of(key, is_printable))
        co_return to_response(
            {.status = 400, .detail = "the header Idempotency-Key has at most 200 characters of ASCII"}, request);
    const auto fingerprint = sha256_hex(request.method + '\n' + request.path + '\n' + request.body);
    const auto this_one = std::make_shared<const store::request_key>(asker.key(), key, fingerprint);
    // Before anything is judged: what was right the first time may not be any more.
    auto earlier = co_await rows_.find(this_one);
    if (earlier.known == store::earlier_request::state::none) {
        try {
            co_return co_await first_time(this_one);
        } catch (store::earlier_request& meanwhile) {
            earlier = std::move(meanwhile);
        }
    }
    co_return again(r, request, std::move(earlier));
}

} // namespace switchboard::api
