#include "api/attempt_limit.hpp"
#include "api/authenticator.hpp"
#include "api/tables.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/sessions.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

namespace switchboard::api {
namespace {

http::pairs cookie(const http::request& r, std::string_view value, bool end) {
    return {{"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}{}", session_cookie(r), value,
                                       r.secure ? "; Secure" : "", end ? "; Max-Age=0" : "")}};
}

/// Somebody's own view of a session.
boost::asio::awaitable<session_answer> session_of(const services& s, std::int64_t user_id, std::string csrf_token) {
    auto me = co_await s.sessions->user_of(user_id);
    co_return session_answer{std::move(me).value(), std::move(csrf_token), now()};
}

/// Takes as long for a login that nobody has as for a wrong password.
boost::asio::awaitable<bool> is_password(const services& s, std::optional<store::credentials> known,
                                         std::string given) {
    static const std::string nobody = hash_password(random_hex(16));
    const bool may = known && !known->password_hash.empty();
    auto job = [hash = may ? known->password_hash : nobody, given = std::move(given)] {
        return verify_password(hash, given);
    };
    co_return (co_await offload(*s.offload, std::move(job))) && may;
}

} // namespace

void add_session_routes(routes& table, const services& s, const router_options& o) {
    const std::chrono::seconds length = o.session;
    auto limit = std::make_shared<attempt_limit>(10, std::chrono::minutes{5});

    table
        .post("/api/v1/session", who::anyone, "Sign in",
              [&s, limit, length](call c, body<sign_in> in) -> answer<with_headers<session_answer>> {
                  const auto attempt = lower_ascii(in->login.value) + '\n' + c.request.remote;
                  if (!limit->enter(attempt))
                      co_return std::unexpected{problem{.status = 429,
                                                        .detail = "too many wrong passwords: try again in five minutes",
                                                        .errors = {},
                                                        .retry_after = 300,
                                                        .current = {}}};
                  auto known = co_await s.sessions->credentials_of(in->login.value);
                  if (!co_await is_password(s, known, in->password.value))
                      co_return std::unexpected{problem{.status = 401, .detail = "login or password is wrong"}};
                  limit->forget(attempt);
                  const auto token = random_hex(32), csrf_token = random_hex(16);
                  co_await s.sessions->open(sha256_hex(token), known->user_id, csrf_token, length);
                  co_return with_headers{co_await session_of(s, known->user_id, csrf_token),
                                         cookie(c.request, token, false)};
              })
        .secret();
    table.get("/api/v1/session", who::person, "Who is signed in", [&s](call c) -> answer<session_answer> {
        co_return co_await session_of(s, *c.asker.user_id, c.asker.csrf_token);
    });
    table
        .remove("/api/v1/session", who::person, "Sign out",
                [&s](call c) -> answer<http::response> {
                    co_await s.sessions->close(sha256_hex(c.request.cookie(session_cookie(c.request))));
                    co_return http::response{.status = 204, .headers = cookie(c.request, "", true)};
                })
        .answers_with(204);
    table.patch("/api/v1/me", who::person, "Change one's own preferences or password",
                [&s](call c, body<me_patch> in) -> answer<user> {
                    const auto me = *c.asker.user_id;
                    std::optional<std::string> hash;
                    if (in->password) {
                        if (!in->current_password)
                            co_return std::unexpected{invalid_field("current_password", "is required with password")};
                        auto known = co_await s.sessions->credentials_of(me);
                        if (!co_await is_password(s, std::move(known), in->current_password->value))
                            co_return std::unexpected{invalid_field("current_password", "is wrong")};
                        auto job = [text = in->password->value] { return hash_password(text); };
                        hash = co_await offload(*s.offload, std::move(job));
                    }
                    std::optional<std::string> preferences;
                    if (in->preferences) preferences = in->preferences->json;
                    co_return found_or_404(
                        co_await s.sessions->change_me(me, std::move(preferences), std::move(hash),
                                                       sha256_hex(c.request.cookie(session_cookie(c.request)))));
                });
}

} // namespace switchboard::api
