#include "app/admin_commands.hpp"

#include "app/database_place.hpp"
#include "app/exit_code.hpp"
#include "app/read_password.hpp"
#include "app/with_database.hpp"

#include <switchboard/store/gateways.hpp>
#include <switchboard/store/migrate.hpp>
#include <switchboard/store/tokens.hpp>
#include <switchboard/store/users.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/password_rules.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <expected>

namespace switchboard::app {
namespace {

boost::asio::awaitable<int> create_token(store::database& db, const new_token& wanted) {
    patch<token> form;
    auto& terms = form.values;
    terms.name = wanted.name;
    for (const auto& scope : wanted.scopes) terms.scopes.push_back(named_value<token_scope>(scope).value());
    store::gateways gateways{db, secret_box{}}; // they are looked up only
    for (const auto& name : wanted.gateways) {
        const auto found = co_await gateways.by_name(name);
        if (!found) co_return refused(fmt::format("there is no gateway {}", name));
        if (!terms.gateway_ids) terms.gateway_ids.emplace();
        terms.gateway_ids->push_back(found->id);
    }
    if (wanted.days > 0) terms.expires_at = now() + std::chrono::days{wanted.days};
    const auto secret = "sb_" + random_hex(24);
    store::tokens tokens{db};
    if (auto done = co_await tokens.create(std::move(form), sha256_hex(secret), actor{}); !done)
        co_return refused(done.error().detail);
    fmt::print("{}\n", secret);
    co_return 0;
}

std::string state_of(const token& t) {
    if (t.revoked_at) return "revoked " + to_rfc3339(*t.revoked_at);
    if (!t.expires_at) return "since " + to_rfc3339(t.created_at);
    return (*t.expires_at <= now() ? "expired " : "until ") + to_rfc3339(*t.expires_at);
}

boost::asio::awaitable<int> list_tokens(store::database& db) {
    store::configuration configuration{db};
    auto tokens = configuration.of<token>();
    page_request part{.limit = 200};
    for (;;) {
        const auto found = co_await tokens.list(part);
        for (const auto& t : found.items) {
            std::vector<std::string_view> scopes;
            for (const auto scope : t.scopes) scopes.push_back(name_of(scope));
            fmt::print("{}\t{}\t{}\t{}\n", t.id.value, plain_name(t.name), fmt::join(scopes, ","), state_of(t));
        }
        if (!found.next) co_return 0;
        part.after = found.items.back().id;
    }
}

boost::asio::awaitable<int> revoke_token(store::database& db, std::int64_t id) {
    store::tokens tokens{db};
    const auto done = co_await tokens.revoke(id, {});
    co_return done ? 0 : refused(done.error().detail);
}

/// The password that somebody is given, with its hash.
struct given_password {
    std::string text, hash;
    bool made = false; // by us: to be printed
};

std::expected<given_password, std::string> password_for(const std::string& login, const std::string& file) {
    given_password p;
    p.made = file.empty();
    if (p.made) {
        p.text = random_hex(10);
    } else {
        auto read = read_password(file);
        if (!read) return std::unexpected{std::move(read.error())};
        if (const auto fault = password_fault(*read, login)) return std::unexpected{"the password " + *fault};
        p.text = std::move(*read);
    }
    p.hash = hash_password(p.text);
    return p;
}

std::string in_words(const refusal& why_not) {
    if (why_not.errors.empty()) return why_not.detail;
    return fmt::format("{} {}", why_not.errors.front().field, why_not.errors.front().message);
}

boost::asio::awaitable<int> add_user(store::database& db, const new_user& wanted) {
    const auto password = password_for(wanted.login, wanted.password_file);
    if (!password) co_return refused(password.error());
    patch<user> form;
    form.values.login = wanted.login;
    form.values.name = wanted.name.empty() ? wanted.login : wanted.name;
    form.values.email = wanted.email;
    store::users users{db};
    const auto role = co_await users.role_named(wanted.role);
    if (!role) co_return refused(fmt::format("there is no role {}", wanted.role));
    form.values.roles.emplace_back(*role);
    const auto done = co_await users.create(std::move(form), store::given_password{password->hash}, {});
    if (!done) co_return refused(in_words(done.error()));
    if (password->made) fmt::print("{}\n", password->text);
    co_return 0;
}

boost::asio::awaitable<int> set_password(store::database& db, const std::string& login, const std::string& file) {
    store::users users{db};
    const auto found = co_await users.by_login(login);
    if (!found) co_return refused(fmt::format("there is no user {}", login));
    const auto password = password_for(found->login, file);
    if (!password) co_return refused(password.error());
    const auto done = co_await users.change(found->id, {}, store::given_password{password->hash}, std::nullopt, {});
    if (!done) co_return refused(done.error().detail);
    if (password->made) fmt::print("{}\n", password->text);
    co_return 0;
}

} // namespace

int migrate_command(const config& c) {
    const database_place place{c, true};
    const auto applied = store::migrate(place.url(), store::find_migrations());
    for (const auto& m : applied) fmt::print("{:04} {}\n", m.version, m.name);
    if (applied.empty()) fmt::print("nothing to do\n");
    return 0;
}

int token_create_command(const config& c, const new_token& wanted) {
    return with_database(c, [&](store::database& db) { return create_token(db, wanted); });
}

int token_list_command(const config& c) {
    return with_database(c, list_tokens);
}

int token_revoke_command(const config& c, std::int64_t id) {
    return with_database(c, [&](store::database& db) { return revoke_token(db, id); });
}

int user_add_command(const config& c, const new_user& wanted) {
    return with_database(c, [&](store::database& db) { return add_user(db, wanted); });
}

int user_password_command(const config& c, const std::string& login, const std::string& password_file) {
    return with_database(c, [&](store::database& db) { return set_password(db, login, password_file); });
}

} // namespace switchboard::app
