#include "api/all_routes.hpp"
#include "api/file_answer.hpp"
#include "api/wire/composed.hpp"
#include "api/wire/ticket_requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/intake/website_chat.hpp>
#include <switchboard/live/feeds.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/util/address.hpp>
#include <switchboard/util/budget.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/time.hpp>

#include <algorithm>

/// The website chat's requests and its WebSocket, over which its words go. Anybody may ask: the pages it serves are
/// public. Whose session it is, the header Chat-Token says.
namespace switchboard::api {
namespace {

constexpr std::size_t message_bytes = 14u << 20; // 10 MB of files, as base64
constexpr std::int64_t least_kb = 256;           // that a message with files counts

constexpr auto too_many_chats = "there are too many chats from this address, or at all; try again later";

problem too_many(const char* detail, std::chrono::seconds wait) {
    problem slow{.status = 429, .detail = detail};
    slow.retry_after = static_cast<int>(wait.count());
    return slow;
}

result<intake::intake_gateway> door_of(const call& c) {
    const auto config = c.with.intake.config();
    const auto* gateway = intake::find_website_chat(config.get(), c.values[0]);
    if (!gateway) return std::unexpected{problem{.status = 404, .detail = "there is no such chat"}};
    if (!intake::may_embed(*gateway, c.request.header("origin")))
        return std::unexpected{problem{.status = 403, .detail = "this page may not open the chat"}};
    return *gateway;
}

answer<store::chat_session> session_of(const call& c) {
    const problem nobody{.status = 404, .detail = "there is no such session"};
    const auto gateway = door_of(c);
    if (!gateway) co_return std::unexpected{gateway.error().status == 404 ? nobody : gateway.error()};
    auto found = co_await c.with.chat.find_session(c.values[1], std::string{c.request.header("chat-token")},
                                                   c.with.chat_session_life);
    if (!found || found->gateway_id != gateway->id) co_return std::unexpected{nobody};
    co_return std::move(*found);
}

answer<created<chat_message_answer>> take_message(call& c) {
    auto session = co_await session_of(c);
    if (!session) co_return std::unexpected{session.error()};
    const auto kb = std::max<std::int64_t>(least_kb, static_cast<std::int64_t>(c.request.body.size() / 1024));
    if (const auto wait = c.with.chat_files.take(address_prefix(c.request.remote), kb))
        co_return std::unexpected{too_many("too many files: try again later", *wait)};
    auto taken =
        co_await intake::accept_visitor(c.with.intake, c.with.offload, std::move(*session), std::move(c.request.body));
    if (!taken) {
        problem wrong{.status = taken.error().status, .detail = taken.error().reason};
        if (!taken.error().field.empty()) wrong.errors.push_back({taken.error().field, taken.error().reason});
        co_return std::unexpected{std::move(wrong)};
    }
    if (!taken->seq) co_return std::unexpected{invalid_field("type", "must be message")};
    co_return created<chat_message_answer>{{*taken->seq}};
}

result<opened> begin_chat(const call& c) {
    const auto gateway = door_of(c);
    if (!gateway) return std::unexpected{gateway.error()};
    const auto from = address_prefix(c.request.remote);
    if (const auto wait = c.with.chat_handshakes.take(from)) return std::unexpected{too_many(too_many_chats, *wait)};
    auto held = c.with.chat_sockets.take(from);
    if (!held) return std::unexpected{too_many(too_many_chats, c.with.feeds.hello_within())};
    return [&feeds = c.with.feeds, gateway = gateway->id, from,
            held = std::make_shared<held_budget::share>(std::move(*held))](std::shared_ptr<http::websocket> socket) {
        feeds.join_chat(gateway, from, held, std::move(socket));
    };
}

} // namespace

void add_chat_routes(route_table& table) {
    table.get("/api/v1/chat/{gateway}", who::anyone, "Whether a website's chat is open now",
              [](call c) -> answer<chat_state> {
                  const auto gateway = door_of(c);
                  if (!gateway) co_return std::unexpected{gateway.error()};
                  const auto now_is = intake::service_of(*c.with.intake.config(), gateway->id, std::nullopt, now());
                  co_return chat_state{now_is.open, now_is.open ? std::nullopt : now_is.changes_at,
                                       now_is.mail_gateway.has_value()};
              });
    table
        .post("/api/v1/chat/{gateway}/sessions", who::anyone, "Open a chat session for a visitor of a website",
              [](call c, body<chat_session_create> in) -> answer<created<chat_session_answer>> {
                  const auto gateway = door_of(c);
                  if (!gateway) co_return std::unexpected{gateway.error()};
                  if (const auto wait = c.with.chat_sessions.take(address_prefix(c.request.remote)))
                      co_return std::unexpected{too_many("too many new chats: try again later", *wait)};
                  store::chat_session about;
                  about.gateway_id = gateway->id;
                  about.name = plain_name(plain<std::string>(in->name).value_or(""));
                  // Shown as given, and written to only if it can be taken for no other.
                  about.email = plain_name(plain<std::string>(in->email).value_or(""));
                  about.language = plain<std::string>(in->language).value_or("");
                  about.page_url = plain_name(plain<std::string>(in->page_url).value_or(""));
                  auto made = co_await c.with.chat.create_session(std::move(about));
                  co_return created<chat_session_answer>{{made.session.id, made.token, made.session.last_seq}};
              })
        .limit(8u << 10)
        .harmless()
        .secret()
        .rations();
    table
        .post("/api/v1/chat/{gateway}/sessions/{session}/messages", who::anyone,
              "A visitor's message with files, which are too large for a frame; the header Chat-Token is the session's",
              [](call c) -> answer<created<chat_message_answer>> { co_return co_await take_message(c); })
        .limit(message_bytes)
        .harmless()
        .rations()
        .takes<chat_message_create>();
    table.websocket("/api/v1/chat/{gateway}/live", who::anyone, "A visitor's chat",
                    [](call c) -> answer<opened> { co_return begin_chat(c); });
    table
        .get("/api/v1/chat/{gateway}/sessions/{session}/files/{id}", who::anyone,
             "A file of a chat for its visitor; the header Chat-Token is the session's",
             [](call c) -> answer<http::response> {
                 const auto session = co_await session_of(c);
                 if (!session) co_return std::unexpected{session.error()};
                 const auto from = address_prefix(c.request.remote);
                 if (const auto wait = c.with.chat_files.wait_for(from, least_kb))
                     co_return std::unexpected{too_many("too many files: try again later", *wait)};
                 auto file = co_await c.with.chat.file_of(session->id, c.id(2));
                 if (!file) co_return std::unexpected{problem{.status = 404, .detail = "there is no such file"}};
                 c.with.chat_files.charge(
                     from, std::max<std::int64_t>(least_kb, static_cast<std::int64_t>(file->content.size() / 1024)));
                 co_return file_answer(file->about.name, file->about.type, std::move(file->content), false);
             })
        .rations()
        .answers("*/*");
}

} // namespace switchboard::api
