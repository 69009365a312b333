#include "api/all_routes.hpp"
#include "api/authenticator.hpp"
#include "api/passwords.hpp"
#include "api/sign_in_guard.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/api/security_log.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/store/users.hpp>
#include <switchboard/util/address.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/login.hpp>
#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace switchboard::api {
namespace {

constexpr auto before_refusal = std::chrono::milliseconds{100};
constexpr std::size_t shown_user_agent = 200; // bytes of what a browser says of itself

http::pairs cookie(const http::request& r, std::string_view value, bool end) {
    return {{"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Lax{}{}", session_cookie(r), value,
                                       r.secure ? "; Secure" : "", end ? "; Max-Age=0" : "")}};
}

/// Somebody's own view of a session.
boost::asio::awaitable<session_answer> session_of(store::users& users, std::int64_t user_id, std::string csrf_token) {
    auto me = co_await users.get(user_id);
    const auto eyes = co_await users.eyes_of(user_id);
    const auto granted = eyes ? eyes->granted : grants{};
    co_return session_answer{std::move(me).value(), list_of(granted), takes_work(granted), std::move(csrf_token),
                             now()};
}

problem too_many(const sign_in_guard::refused& why) {
    const auto wait = static_cast<int>(why.wait.count());
    if (!why.spent)
        return {.status = 503, .detail = "many are signing in at this moment: try again", .retry_after = wait};
    return {.status = 429,
            .detail = fmt::format("too many wrong passwords: try again in {} seconds", wait),
            .errors = {},
            .retry_after = wait,
            .current = {}};
}

/// Proves who somebody is by a password, within the budgets. From here on more factors may be asked for.
class password_check {
public:
    explicit password_check(const sign_in_limits& limits) : limits_{limits}, guard_{limits} {}

    boost::asio::awaitable<result<proven>> prove(const services& with, std::string login, std::string password,
                                                 std::string address) {
        const auto name = normal_login(login), prefix = address_prefix(address);
        std::optional<store::credentials> known;
        {
            const auto looking = guard_.look_up(prefix);
            if (!looking) co_return co_await refuse(with, name, address, {}, {std::chrono::seconds{1}, false});
            known = co_await with.sessions.credentials_of(std::move(login), prefix, limits_.place_remembered);
        }
        const auto id = known ? std::optional{known->user_id} : std::nullopt;
        auto attempt = guard_.enter(name, prefix, known && known->known_place);
        if (!attempt) co_return co_await refuse(with, name, address, id, attempt.error());
        if (co_await is_password(with.passwords, known ? known->password_hash : "", std::move(password)))
            co_return proven{known->user_id, {factor::password}};
        attempt->wrong();
        with.security.record(audit_kind::sign_in_failed, about(name, address, id));
        co_return std::unexpected{problem{.status = 401, .detail = "login or password is wrong"}};
    }

    /// The same for somebody who is signed in already, before a change of the password.
    boost::asio::awaitable<result<store::credentials>> prove_again(const services& with, std::int64_t user_id,
                                                                   std::string password, std::string address) {
        auto known = co_await with.sessions.credentials_of(user_id);
        if (!known) co_return std::unexpected{problem{.status = 401, .detail = "you cannot sign in any more"}};
        const auto name = normal_login(known->login);
        auto attempt = guard_.enter(name, address_prefix(address), true);
        if (!attempt) co_return co_await refuse(with, name, address, user_id, attempt.error());
        if (co_await is_password(with.passwords, known->password_hash, std::move(password)))
            co_return std::move(*known);
        attempt->wrong();
        with.security.record(audit_kind::sign_in_failed, about(name, address, user_id));
        co_return std::unexpected{invalid_field("current_password", "is wrong")};
    }

private:
    static audit_entry about(const std::string& login, const std::string& address,
                             std::optional<std::int64_t> user_id) {
        audit_entry e;
        e.user_id = user_id;
        e.login = truncate_utf8(login, 100);
        e.address = address;
        return e;
    }

    /// Not at once: who asks again and again in a tight loop would else cost all that this program can do.
    static boost::asio::awaitable<std::unexpected<problem>> refuse(const services& with, std::string login,
                                                                   std::string address,
                                                                   std::optional<std::int64_t> user_id,
                                                                   sign_in_guard::refused why) {
        with.security.record(audit_kind::sign_in_refused, about(login, address, user_id));
        boost::asio::steady_timer pause{co_await boost::asio::this_coro::executor, before_refusal};
        co_await pause.async_wait(boost::asio::use_awaitable);
        co_return std::unexpected{too_many(why)};
    }

    sign_in_limits limits_;
    sign_in_guard guard_;
};

} // namespace

void add_session_routes(route_table& table, const router_options& o) {
    auto check = std::make_shared<password_check>(o.sign_in);

    table
        .post("/api/v1/session", who::anyone, "Sign in",
              [check, life = o.session](call c, body<sign_in> in) -> answer<with_headers<session_answer>> {
                  auto who = co_await check->prove(c.with, in->login.value, in->password.value, c.request.remote);
                  if (!who) co_return std::unexpected{std::move(who.error())};
                  const auto token = random_hex(32), csrf_token = random_hex(16);
                  store::new_session opened{
                      .who = *who,
                      .token_hash = sha256_hex(token),
                      .csrf_token = csrf_token,
                      .address = c.request.remote,
                      .prefix = address_prefix(c.request.remote),
                      .user_agent = clean_utf8(truncate_utf8(c.request.header("user-agent"), shown_user_agent)),
                      .life = life};
                  co_await c.with.sessions.open(std::move(opened));
                  co_return with_headers{co_await session_of(c.with.users, who->user_id, csrf_token),
                                         cookie(c.request, token, false)};
              })
        .limit(4u << 10)
        .secret()
        .proves()
        .rations();
    table
        .get("/api/v1/session", who::person, "Who is signed in",
             [](call c) -> answer<session_answer> {
                 co_return co_await session_of(c.with.users, *c.asker.user_id, c.asker.csrf_token);
             })
        .works_before_new_password();
    // A page asks this before anybody has signed in: that nobody has is no error.
    table.get("/api/v1/session/current", who::anyone, "Who is signed in here, or nobody",
              [](call c) -> answer<current_session> {
                  const auto& who = c.request.asker;
                  if (!who || !who->user_id) co_return current_session{};
                  co_return current_session{co_await session_of(c.with.users, *who->user_id, who->csrf_token)};
              });
    table
        .remove("/api/v1/session", who::person, "Sign out",
                [](call c) -> answer<http::response> {
                    co_await c.with.sessions.close(c.by());
                    co_return http::response{.status = 204, .headers = cookie(c.request, "", true)};
                })
        .works_before_new_password()
        .answers_with(204);
    table
        .get("/api/v1/me", who::person, "Oneself",
             [](call c) -> answer<user> { co_return found_or_404(co_await c.with.users.get(*c.asker.user_id)); })
        .works_before_new_password();
    table
        .patch("/api/v1/me", who::person, "Change one's own preferences or password",
               [check](call c, body<me_patch> in) -> answer<user> {
                   const auto me = *c.asker.user_id;
                   store::own_change change;
                   if (in->preferences) change.preferences = in->preferences->json;
                   if (in->password) {
                       if (!in->current_password)
                           co_return std::unexpected{invalid_field("current_password", "is required with password")};
                       if (in->password->value == in->current_password->value)
                           co_return std::unexpected{invalid_field("password", "must not be the one of before")};
                       auto known =
                           co_await check->prove_again(c.with, me, in->current_password->value, c.request.remote);
                       if (!known) co_return std::unexpected{std::move(known.error())};
                       auto hash =
                           co_await new_password_hash(c.with.passwords, "password", in->password->value, known->login);
                       if (!hash) co_return std::unexpected{std::move(hash.error())};
                       change.password_hash = std::move(*hash);
                   } else if (c.asker.must_change_password) {
                       co_return std::unexpected{invalid_field("password", "is required: choose a new one first")};
                   }
                   co_return found_or_404(co_await c.with.sessions.change_me(std::move(change), c.by()));
               })
        .works_before_new_password()
        .rations();
}

} // namespace switchboard::api
