#include "api/tables.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"

#include <switchboard/intake/config.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/util/address.hpp>
#include <switchboard/util/budget.hpp>

/// The website chat's only request; the rest goes over its WebSocket. Anybody may ask: the pages it serves are public.
namespace switchboard::api {

void add_chat_routes(routes& table, const services& s) {
    table
        .post("/api/v1/chat/{gateway}/sessions", who::anyone, "Open a chat session for a visitor of a website",
              [&s](call c, body<chat_session_create> in) -> answer<created<chat_session_answer>> {
                  const auto config = s.intake->config();
                  const auto* gateway = config ? config->find(c.values[0]) : nullptr;
                  if (!gateway || gateway->kind != "widget" || !gateway->enabled)
                      co_return std::unexpected{problem{.status = 404, .detail = "there is no such chat"}};
                  if (!intake::may_embed(*gateway, c.request.header("origin")))
                      co_return std::unexpected{problem{.status = 403, .detail = "this page may not open the chat"}};
                  if (const auto wait = s.chat_sessions->take(address_prefix(c.request.remote))) {
                      problem slow{.status = 429, .detail = "too many new chats: try again later"};
                      slow.retry_after = static_cast<int>(wait->count());
                      co_return std::unexpected{std::move(slow)};
                  }
                  store::chat_session about;
                  about.gateway_id = gateway->id;
                  about.name = plain<std::string>(in->name).value_or("");
                  about.email = plain<std::string>(in->email).value_or("");
                  about.language = plain<std::string>(in->language).value_or("");
                  about.page_url = plain<std::string>(in->page_url).value_or("");
                  auto made = co_await s.chat->create_session(std::move(about));
                  co_return created<chat_session_answer>{{made.session.id, made.token, made.session.last_seq}};
              })
        .limit(8u << 10)
        .harmless()
        .secret();
}

} // namespace switchboard::api
