#include "api/all_routes.hpp"
#include "api/nouns.hpp"
#include "api/permission.hpp"
#include "api/wire/composed.hpp"

#include <switchboard/store/tokens.hpp>
#include <switchboard/util/hash.hpp>

namespace switchboard::api {
namespace {

/// The answer is a secret, and never kept.
std::string nothing_of(const token&) {
    return {};
}

} // namespace

void add_token_routes(route_table& table) {
    add_list_route<token>(table, "/api/v1/tokens", permission::config_read, "All tokens, without their secrets");
    table
        .post("/api/v1/tokens", permission::config_tokens, "Add a token; its secret is shown this once",
              [](call c, create_form<token> form) -> answer<created<created_token>> {
                  if (!may_give(c.asker.granted, grants_of(form->values.scopes)))
                      co_return std::unexpected{
                          problem{.status = 403, .detail = "scopes has more than your own roles permit"}};
                  const auto secret = "sb_" + random_hex(24);
                  auto done = co_await c.with.tokens.create(std::move(*form), sha256_hex(secret), c.by(),
                                                            keep<token>(c, 201, nothing_of));
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  co_return created<created_token>{{std::move(*done), secret}};
              })
        .secret();
    table.remove("/api/v1/tokens/{id}", permission::config_tokens, "Revoke a token", [](call c) -> answer<nothing> {
        co_return settle_nothing(co_await c.with.tokens.revoke(c.id(), giver_of(c)));
    });
}

} // namespace switchboard::api
