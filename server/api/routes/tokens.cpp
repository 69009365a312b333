#include "api/all_routes.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/store/tokens.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

namespace switchboard::api {
namespace {

/// The answer is a secret, and never kept.
std::string nothing_of(const api_token&) {
    return {};
}

} // namespace

void add_token_routes(route_table& table) {
    table.get("/api/v1/tokens", who::supervisor, "All tokens, without their secrets",
              [](call c, query<list_query> q) -> answer<page<api_token>> {
                  const auto part = part_of(*q);
                  if (!part) co_return std::unexpected{part.error()};
                  co_return co_await c.with.tokens.list(*part);
              });
    table
        .post("/api/v1/tokens", who::admin, "Add a token; its secret is shown this once",
              [](call c, body<token_create> in) -> answer<created<created_token>> {
                  api_token terms;
                  terms.name = in->name.value;
                  terms.scopes = plain<std::string>(in->scopes);
                  if (terms.scopes.empty()) co_return std::unexpected{invalid_field("scopes", "must not be empty")};
                  if (in->gateway_ids) terms.gateway_ids = plain<std::int64_t>(*in->gateway_ids);
                  if (in->expires_at && *in->expires_at <= now())
                      co_return std::unexpected{invalid_field("expires_at", "must lie ahead")};
                  terms.expires_at = in->expires_at;
                  const auto secret = "sb_" + random_hex(24);
                  auto done = co_await c.with.tokens.create(std::move(terms), sha256_hex(secret), c.asker.user_id,
                                                            c.request.remote, keep<api_token>(c, 201, nothing_of));
                  if (!done) co_return std::unexpected{to_problem(done.error())};
                  co_return created<created_token>{{std::move(*done), secret}};
              })
        .secret();
    table.remove("/api/v1/tokens/{id}", who::admin, "Revoke a token", [](call c) -> answer<nothing> {
        co_return settle_nothing(co_await c.with.tokens.revoke(c.id(), c.asker.user_id, c.request.remote));
    });
}

} // namespace switchboard::api
