#include "api/repeats.hpp"

#include <switchboard/store/idempotency.hpp>
#include <switchboard/util/hash.hpp>

#include <exception>

namespace switchboard::api {
namespace {

constexpr std::size_t longest_key = 200;

/// An answer that the same request would get again. What may end differently next time is not kept.
bool is_final(int status) {
    return status < 400 || status == 404 || status == 422;
}

http::response again(int status, std::string body) {
    http::response out{.status = status, .body = std::move(body)};
    if (status >= 400) out.content_type = "application/problem+json";
    out.headers.emplace_back("Idempotent-Replayed", "true");
    return out;
}

} // namespace

bool repeats::apply_to(const route& r, const http::request& request) {
    return request.method == "POST" && !r.repeats_harmless && r.least != who::anyone &&
           !request.header("idempotency-key").empty();
}

boost::asio::awaitable<http::response> repeats::once(const route& r, const http::request& request,
                                                     const principal& asker, work first_time) const {
    const std::string key{request.header("idempotency-key")};
    if (key.size() > longest_key || key.find('\0') != key.npos)
        co_return to_response({.status = 400, .detail = "the header Idempotency-Key has at most 200 characters"},
                              request);
    auto& store = *services_.idempotency;
    const auto actor = asker.key();
    const auto fingerprint = sha256_hex(request.method + '\n' + request.path + '\n' + request.body);

    auto earlier = co_await store.begin(actor, key, fingerprint);
    using enum store::earlier_request::state;
    if (earlier.known == other)
        co_return to_response({.status = 422, .detail = "this Idempotency-Key belongs to a different request"},
                              request);
    if (earlier.known == running) {
        problem busy{.status = 409, .detail = "the first request with this Idempotency-Key is still at work"};
        busy.retry_after = 1;
        co_return to_response(busy, request);
    }
    if (earlier.known == done) {
        if (r.secret_answer && earlier.status < 300)
            co_return to_response({.status = 409, .detail = "this was done already; its secret is shown only once"},
                                  request);
        co_return again(earlier.status, std::move(earlier.body));
    }

    http::response out;
    std::exception_ptr failure;
    try {
        out = co_await first_time();
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure || !is_final(out.status))
        co_await store.release(actor, key);
    else
        co_await store.keep(actor, key, out.status, r.secret_answer ? std::string{} : out.body);
    if (failure) std::rethrow_exception(failure);
    co_return out;
}

} // namespace switchboard::api
