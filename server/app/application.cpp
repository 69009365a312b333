#include "app/application.hpp"

#include "app/amazon_desk.hpp"
#include "app/attendance.hpp"
#include "app/authority_watch.hpp"
#include "app/background.hpp"
#include "app/clock_watch.hpp"
#include "app/front_door.hpp"
#include "app/live_simulator.hpp"
#include "app/live_socket.hpp"
#include "app/mail_door.hpp"
#include "app/metrics.hpp"
#include "app/open_files.hpp"
#include "app/ops_door.hpp"
#include "app/options.hpp"
#include "app/promise_watch.hpp"
#include "app/storage_watch.hpp"
#include "app/stranger_budgets.hpp"

#include <switchboard/api/problem.hpp>
#include <switchboard/api/security_log.hpp>
#include <switchboard/channels/html.hpp>
#include <switchboard/channels/page_picture.hpp>
#include <switchboard/delivery/delivery.hpp>
#include <switchboard/delivery/dialler.hpp>
#include <switchboard/engine/from_rows.hpp>
#include <switchboard/intake/website_chat.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/live/hub.hpp>
#include <switchboard/live/viewers.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/agents.hpp>
#include <switchboard/store/calendars.hpp>
#include <switchboard/store/callbacks.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/store/cluster.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/store/desk.hpp>
#include <switchboard/store/dial_orders.hpp>
#include <switchboard/store/drafts.hpp>
#include <switchboard/store/event_log.hpp>
#include <switchboard/store/gateways.hpp>
#include <switchboard/store/idempotency.hpp>
#include <switchboard/store/mailbox_states.hpp>
#include <switchboard/store/migrate.hpp>
#include <switchboard/store/node_bell.hpp>
#include <switchboard/store/outbox.hpp>
#include <switchboard/store/queues.hpp>
#include <switchboard/store/routing.hpp>
#include <switchboard/store/secrets.hpp>
#include <switchboard/store/security_events.hpp>
#include <switchboard/store/service_levels.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/store/tickets.hpp>
#include <switchboard/store/tokens.hpp>
#include <switchboard/store/users.hpp>
#include <switchboard/util/event_data.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/util/time.hpp>
#include <switchboard/web/picture_fetcher.hpp>
#include <switchboard/web/server.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <fmt/format.h>

#include <filesystem>
#include <map>
#include <utility>

namespace switchboard::app {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds longest_without_leader{15}; // for a moment it is normal

api::safe_html sanitized(std::string_view html) {
    auto safe = channels::sanitize_html(html);
    return {std::move(safe.html), static_cast<std::int64_t>(safe.blocked_remote_count),
            std::move(safe.remote_pictures)};
}

http::response too_many(const http::request& r, std::int64_t seconds) {
    api::problem why{.status = 429, .detail = "there are too many chats from this address, or at all; try again later"};
    why.retry_after = static_cast<int>(seconds);
    return api::to_response(why, r);
}

std::optional<web::static_files> console_of(const config& c) {
    if (!std::filesystem::is_directory(c.server_console)) return std::nullopt;
    return std::make_optional<web::static_files>(c.server_console);
}

} // namespace

struct application::parts {
    parts(asio::io_context& io_, const config& c, const std::string& url, const store::cluster* own_)
        : io{io_}, settings{c}, own{own_},
          offload{static_cast<std::size_t>(c.offload_threads), static_cast<std::size_t>(c.offload_max_pending)},
          passwords{static_cast<std::size_t>(c.sign_in_threads), static_cast<std::size_t>(c.sign_in_max_pending)},
          database{url, database_options_of(c)}, other_nodes{url, io_.get_executor(), [this] { hub.wake(); }},
          work{io_} {}

    asio::awaitable<readiness> ready();
    asio::awaitable<std::vector<std::string>> troubles();
    std::vector<figures::bound> bounds_hit() const;
    void record_bounds();
    asio::awaitable<figures> measure();
    std::chrono::seconds hello_time() const { return std::chrono::seconds{settings.server_hello_timeout}; }
    asio::awaitable<web::upgrade> upgrade(http::request r);
    std::optional<web::upgrade> chat_upgrade(const http::request& r);
    asio::awaitable<live::chat_receipt> take_chat(const store::chat_session& session, std::string text);
    void follow(std::span<const event> events);
    asio::awaitable<void> reconfigure();
    asio::awaitable<void> read_configuration();
    asio::awaitable<std::expected<api::remote_picture, std::string>> fetch_picture(std::string url);
    api::services services();

    asio::io_context& io;
    const config settings;
    const store::cluster* own; // the private PostgreSQL, if there is one
    bool stopping = false;
    bool out_of_date = false;   // the configuration has changed since it was read
    bool reconfiguring = false; // a round is under way

    // What waits: CPU and database threads.
    offload_pool offload;
    offload_pool passwords; // of its own: guessing holds up no mail
    web::picture_fetcher pictures{picture_options_of(settings)};
    store::database database;
    const secret_box box = secret_box_of(settings);
    store::secrets secrets{database, box};

    // The nouns.
    store::users users{database};
    store::configuration nouns{database, {store::judged_by<queue>(routing::judge)}};
    store::queue_members queue_members{database};
    store::calendar_agents calendar_agents{database};
    store::service_levels service_levels{database};
    store::agents agents{database};
    store::gateways gateways{database, box};
    store::tokens tokens{database};
    store::customers customers{database};
    store::sessions sessions{database};
    store::security_events security_events{database};
    store::idempotency idempotency{database};
    store::tickets tickets{database};
    store::desk desk{database, settings.routing_min_licence_validity};
    store::callbacks callbacks{database};
    store::drafts drafts{database};
    store::contacts contacts{database};
    store::chat chat{database};
    store::event_log log{database};
    store::routing routing_rows{database};
    store::outbox outbox{database, box};
    store::dial_orders dial_orders{database, box};
    store::mailbox_states mailbox_states{database};

    // The way of a contact: in, to an agent, and back out.
    std::function<void()> bell = [this] {
        hub.wake();
        other_nodes.ring();
    };
    live::hub hub{io.get_executor(), log};
    store::node_bell other_nodes;
    storage_watch room{io, settings, own, [this] { fetcher.wake(); }};
    intake::intake intake{io.get_executor(), database, intake_options_of(settings), box};
    amazon_desk amazon{io.get_executor(), settings};
    live::chat_rooms chats{
        io.get_executor(), chat, hub,
        live::chat_doors{.intake = [this](const store::chat_session& by,
                                          std::string text) { return take_chat(by, std::move(text)); },
                         .service =
                             [this](std::int64_t gateway, std::optional<std::int64_t> queue) {
                                 return intake::service_of(*intake.config(), gateway, queue, now());
                             },
                         .is_own_mailbox =
                             [this](std::string_view address) {
                                 return intake.config()->own_addresses.contains(without_plus_tag(address));
                             },
                         .bell = bell},
        chat_bounds_of(settings)};
    live::viewers lookers{io.get_executor(), hub,
                          [this](std::int64_t ticket, viewer who) { return tickets.place_of(ticket, std::move(who)); }};
    routing::dispatcher dispatcher{io.get_executor(), routing_rows, routing_options_of(settings), bell};
    live_simulator simulator{database};
    mail_door mail{io, settings, intake, offload};
    imap::fetcher fetcher{io.get_executor(), mailbox_states, [this] { return room.low() ? nullptr : intake.config(); },
                          [this](const intake::intake_gateway& from, http::request letter) {
                              return mail.take_fetched(from, std::move(letter));
                          },
                          fetching_options()};
    app::attendance attendance{io.get_executor(), database, std::chrono::seconds{settings.routing_absent_s}, bell};
    clock_watch clocks{io, database};
    promise_watch promises{io, service_levels, bell};
    delivery::delivery delivery{io.get_executor(), outbox, smtp_of(settings), bell};
    delivery::dialler dialler{io.get_executor(), dial_orders};

    // The front. What strangers may cost stands before everything that they can ask for.
    stranger_budgets strangers{settings, sockets_within(settings, open_files())};
    api::security_log security{io.get_executor(), security_events, security_log_options_of(settings)};
    authority_watch authorities{io.get_executor(), database};
    api::router router{services(), router_options_of(settings)};
    metrics counted;
    std::optional<web::static_files> console = console_of(settings);
    front_door front{router, counted, console ? &*console : nullptr};
    web::server server{io, web_options_of(settings),
                       web::handlers{[this](http::request& head) { return front.admit(head); },
                                     [this](http::request r) { return front.answer(std::move(r)); },
                                     [this](http::request r) { return upgrade(std::move(r)); }}};
    ops_door ops{io, settings.server_ops_address, counted};

    std::map<std::string, std::uint64_t> recorded_bounds; // of the record of security
    background work;
    std::vector<store::migration> known_migrations;
};

api::services application::parts::services() {
    api::services s;
    s.offload = &offload;
    s.passwords = &passwords;
    s.security = &security;
    s.security_events = &security_events;
    s.users = &users;
    s.configuration = &nouns;
    s.queue_members = &queue_members;
    s.calendar_agents = &calendar_agents;
    s.service_levels = &service_levels;
    s.agents = &agents;
    s.gateways = &gateways;
    s.tokens = &tokens;
    s.customers = &customers;
    s.sessions = &sessions;
    s.idempotency = &idempotency;
    s.tickets = &tickets;
    s.desk = &desk;
    s.callbacks = &callbacks;
    s.drafts = &drafts;
    s.contacts = &contacts;
    s.chat = &chat;
    s.intake = &intake;
    s.chat_sessions = &strangers.chat_sessions;
    s.chat_files = &strangers.chat_files;
    s.chat_session_life = std::chrono::hours{settings.chat_session_hours};
    s.sanitize_html = sanitized;
    s.page_picture = channels::page_picture;
    s.fetch_picture = [this](std::string url) { return fetch_picture(std::move(url)); };
    s.tell_routing = [this](std::int64_t ticket) { return dispatcher.tell(ticket); };
    s.judge_agents = [this](std::int64_t ticket) { return dispatcher.judge_agents(ticket); };
    s.check_routing = [this](std::int64_t queue, api::routing_draft draft) {
        return dispatcher.check(queue, std::move(draft.members), std::move(draft.steps));
    };
    s.simulate = [this](api::simulation_order order) { return simulator.simulate(std::move(order)); };
    s.troubles = [this] { return troubles(); };
    s.bell = bell;
    s.authority_ended = [this] { authorities.look_now(); };
    return s;
}

asio::awaitable<std::expected<api::remote_picture, std::string>> application::parts::fetch_picture(std::string url) {
    auto found = co_await pictures.fetch(std::move(url));
    if (!found) co_return std::unexpected{std::move(found.error())};
    co_return api::remote_picture{std::move(found->type), std::move(found->bytes)};
}

asio::awaitable<readiness> application::parts::ready() {
    const auto routed = dispatcher.figures();
    const bool led = routed.leaderless < longest_without_leader;
    readiness out{.database = "ok",
                  .migrations = "ok",
                  .routing = !led             ? fmt::format("nobody has led for {} s", routed.leaderless.count())
                             : routed.leading ? "leading"
                                              : "following",
                  .storage = room.verdict(),
                  .clock = clocks.verdict()};
    try {
        const auto state = co_await store::read_migration_state(database, known_migrations);
        if (!state.problem.empty()) out.migrations = state.problem;
    } catch (const std::exception& e) {
        out.database = own && !own->trouble().empty() ? own->trouble() : e.what();
        out.migrations = "unknown";
    }
    out.ready = !stopping && out.database == "ok" && out.migrations == "ok" && led;
    co_return out;
}

asio::awaitable<std::vector<std::string>> application::parts::troubles() {
    const auto now_is = co_await ready();
    std::vector<std::string> out;
    const auto add = [&out](std::string_view what, const std::string& verdict) {
        if (verdict != "ok") out.push_back(fmt::format("{}: {}", what, verdict));
    };
    add("Database", now_is.database);
    add("Migrations", now_is.migrations);
    if (now_is.routing != "leading" && now_is.routing != "following") add("Routing", now_is.routing);
    add("Storage", now_is.storage);
    add("Clock", now_is.clock);
    co_return out;
}

std::vector<figures::bound> application::parts::bounds_hit() const {
    const auto sockets = server.counts();
    const auto chat_refused = chats.refusals();
    return {{"sockets", sockets.refused},
            {"stranger_sockets", sockets.gave_way, sockets.last_gave_way},
            {"bodies", sockets.bodies_refused, sockets.last_body_refused},
            {"chat_sockets", strangers.chat_sockets.refused(), strangers.chat_sockets.last_refused()},
            {"chat_session_sockets", chat_refused.sockets},
            {"chat_handshakes", strangers.chat_handshakes.refused(), strangers.chat_handshakes.last_refused()},
            {"chat_sessions", strangers.chat_sessions.refused(), strangers.chat_sessions.last_refused()},
            {"chat_files", strangers.chat_files.refused(), strangers.chat_files.last_refused()},
            {"chat_frames", chat_refused.frames},
            {"chat_messages", chat_refused.messages}};
}

/// What the bounds have refused since the last look, for the record of security.
void application::parts::record_bounds() {
    for (const auto& b : bounds_hit()) {
        const auto before = std::exchange(recorded_bounds[b.name], b.hit);
        security_event e;
        e.details = R"({"bound": ")" + std::string{b.name} + R"("})";
        e.address = b.address;
        if (b.hit > before) security.record(security_kind::bound_hit, std::move(e), b.hit - before);
    }
}

asio::awaitable<figures> application::parts::measure() {
    const auto taken = intake.counts();
    const auto routed = dispatcher.figures();
    const auto sent = delivery.figures();
    const auto sockets = server.counts();
    figures out{.connections = sockets.connections,
                .strangers = sockets.strangers,
                .chat_sockets = strangers.chat_sockets.held(),
                .mail_connections = mail.connections(),
                .subscribers = hub.subscribers(),
                .fetched = fetcher.figures().fetched,
                .database_pending = database.pending(),
                .offload_pending = offload.pending(),
                .passwords_pending = passwords.pending(),
                .intake_waiting = taken.waiting,
                .intake_commits = taken.commits,
                .contacts = taken.contacts,
                .duplicates = taken.duplicates,
                .quarantined = taken.quarantined,
                .leads_routing = routed.leading,
                .database_restarts = own ? own->restarts() : 0,
                .storage_free_bytes = own ? std::optional{own->free_bytes()} : std::nullopt,
                .storage_low = room.low(),
                .clock_ahead_s = std::chrono::duration<double>(clocks.machine_ahead()).count(),
                .offers = routed.offers,
                .loads_mended = routed.loads_mended,
                .replies_sent = sent.sent,
                .replies_failed = sent.failed,
                .security = store::security_counts(),
                .queues = {},
                .bounds = bounds_hit()};
    try {
        for (const auto& q : co_await tickets.queues())
            out.queues.push_back({q.queue.name, q.waiting, q.offered, q.active});
    } catch (const std::exception& e) {
        log::warn("metrics_without_queues", {{"reason", e.what()}});
    }
    co_return out;
}

asio::awaitable<web::upgrade> application::parts::upgrade(http::request r) {
    const auto refuse = [&](api::problem why) { return web::upgrade{api::to_response(why, r), {}}; };
    if (auto chat_door = chat_upgrade(r)) co_return std::move(*chat_door);
    if (r.path != "/api/v1/live") co_return refuse({.status = 404, .detail = "there is no such feed"});
    if (!is_own_origin(r, settings.server_public_url))
        co_return refuse({.status = 403, .detail = "this page may not open the live feed"});
    const auto who = r.asker; // as he was found at the door
    if (!who) co_return refuse({.status = 401, .detail = "sign in, or send a token as Authorization: Bearer"});
    if (!who->user_id && !who->has_scope("read") && !who->has_scope("admin"))
        co_return refuse({.status = 403, .detail = "the token has not the scope read"});
    if (who->must_change_password) co_return refuse({.status = 403, .detail = "choose a new password first"});
    co_return web::upgrade{{}, [this, who](std::shared_ptr<web::websocket> socket) {
                               socket->await_hello(hello_time());
                               join_live(hub, chats, lookers, attendance, *who, std::move(socket));
                           }};
}

/// /api/v1/chat/{gateway}/live; nothing for any other path.
std::optional<web::upgrade> application::parts::chat_upgrade(const http::request& r) {
    constexpr std::string_view before = "/api/v1/chat/", after = "/live";
    const std::string_view path = r.path;
    if (!path.starts_with(before) || !path.ends_with(after) || path.size() <= before.size() + after.size())
        return std::nullopt;
    const auto name = path.substr(before.size(), path.size() - before.size() - after.size());
    const auto config = intake.config();
    const auto* gateway = intake::find_website_chat(config.get(), name);
    if (!gateway) return web::upgrade{api::to_response({.status = 404, .detail = "there is no such chat"}, r), {}};
    if (!intake::may_embed(*gateway, r.header("origin")))
        return web::upgrade{api::to_response({.status = 403, .detail = "this page may not open the chat"}, r), {}};
    const auto from = address_prefix(r.remote);
    if (const auto wait = strangers.chat_handshakes.take(from))
        return web::upgrade{too_many(r, static_cast<int>(wait->count())), {}};
    auto place = strangers.chat_sockets.take(from);
    if (!place) return web::upgrade{too_many(r, settings.server_hello_timeout), {}};
    auto shared = std::make_shared<held_budget::share>(std::move(*place));
    return web::upgrade{{}, [this, id = gateway->id, from, shared](std::shared_ptr<web::websocket> socket) {
                            socket->await_hello(hello_time());
                            join_chat(chats, id, from, shared, std::move(socket));
                        }};
}

/// A visitor's frame goes the way of every contact.
asio::awaitable<live::chat_receipt> application::parts::take_chat(const store::chat_session& session,
                                                                  std::string text) {
    const auto taken = co_await intake::accept_visitor(intake, offload, session, std::move(text));
    if (!taken) co_return live::chat_receipt{{}, {}, taken.error().reason};
    co_return live::chat_receipt{taken->seq, taken->ticket_id, taken->detail};
}

/// Everything in this process that follows the log, in one place.
void application::parts::follow(std::span<const event> events) {
    dispatcher.follow(events);
    chats.follow(events);
    lookers.follow(events);
    bool configured = false, answered = false, dials = false;
    for (const auto& e : events) {
        configured = configured || e.type == events::config_changed::type;
        answered = answered || e.type == events::contact_sent::type ||
                   e.type == events::contact_delivery::type; // a reply, or another try
        if (const auto change = read_event<events::ticket_changed>(e))
            dials = dials || change->change == events::ticket_change::callback_dialling;
    }
    if (answered) delivery.wake();
    if (dials) dialler.wake();
    if (!configured) return;
    router.forget_principals();
    authorities.look_now();
    out_of_date = true;
    if (!std::exchange(reconfiguring, true)) work.start("reconfigure", reconfigure());
}

/// Many changes at once make one round, or two.
asio::awaitable<void> application::parts::reconfigure() {
    while (std::exchange(out_of_date, false) && !stopping) {
        bool failed = false;
        try {
            co_await read_configuration();
        } catch (const std::exception& e) {
            log::warn("configuration_unread", {{"reason", e.what()}});
            failed = true;
        }
        if (!failed) continue;
        out_of_date = true;
        asio::steady_timer pause{io, std::chrono::seconds{1}};
        co_await pause.async_wait(asio::use_awaitable);
    }
    reconfiguring = false;
}

asio::awaitable<void> application::parts::read_configuration() {
    co_await intake.reload();
    fetcher.wake();
    for (const auto id : hub.people()) {
        const auto person = co_await users.get(id);
        if (!person || !person->active) continue; // authorities ends the feeds
        viewer who{id, role_from(person->role), {}};
        if (who.role == role::agent)
            if (const auto agent = co_await agents.get(id))
                for (const auto& membership : agent->queues) who.queues.insert(membership.queue_id);
        hub.set_viewer(who);
    }
}

application::application(asio::io_context& io, const config& c, const std::string& database_url,
                         const store::cluster* own)
    : parts_{std::make_unique<parts>(io, c, database_url, own)} {
    auto& p = *parts_;
    p.known_migrations = store::read_migrations(store::find_migrations());
    p.intake.bell = p.bell;
    p.intake.no_room = [&p] { return p.room.low(); };
    p.intake.ask = p.amazon.questions();
    p.intake.committed = [&p](const store::intake_done& done) { p.dispatcher.waiting(done.opened, done.requeued); };
    p.hub.listen([&p](std::span<const event> events) { p.follow(events); });
    p.authorities.in_use = [&p] {
        auto all = p.hub.authorities();
        const auto remembered = p.router.authorities();
        all.insert(all.end(), remembered.begin(), remembered.end());
        return all;
    };
    p.authorities.ended = [&p](const authority& by) {
        p.router.forget(by);
        p.hub.end(by);
    };
    p.authorities.each_second = [&p] {
        p.chats.tick();
        p.lookers.tick();
        p.record_bounds();
    };
    p.front.ready = [&p] { return p.ready(); };
    p.ops.ready = p.front.ready;
    p.ops.measure = [&p] { return p.measure(); };
}

application::~application() = default;

asio::awaitable<void> application::start() {
    auto& p = *parts_;
    co_await p.clocks.set();
    co_await p.secrets.settle(); // before anything reads them
    for (const auto& login : co_await p.users.normalize_logins())
        log::warn("login_looks_like_another", {{"login", login}});
    co_await p.intake.reload();
    p.server.start(); // first: when the address is taken, nothing else has begun
    p.ops.start();
    p.mail.start();
    p.work.start("live", p.hub.run());
    p.other_nodes.start();
    p.work.start("routing", p.dispatcher.run());
    p.work.start("fetching", p.fetcher.run());
    p.work.start("delivery", p.delivery.run());
    p.work.start("dialling", p.dialler.run());
    p.work.start("attendance", p.attendance.run());
    p.work.start("promises", p.promises.run());
    p.work.start("security", p.security.run());
    p.work.start("authorities", p.authorities.run());
    p.work.start("clocks", p.clocks.run());
    p.work.start("storage", p.room.run());
}

asio::awaitable<void> application::stop() {
    auto& p = *parts_;
    p.stopping = true;
    p.pictures.stop();
    p.amazon.stop();
    const std::chrono::seconds grace{p.settings.server_shutdown_grace};
    p.simulator.stop();
    co_await p.mail.stop(grace);
    co_await p.server.stop(grace);
    co_await p.ops.stop(grace); // said until now that it was not ready
    p.security.stop();          // after the last request that it may tell of
    p.authorities.stop();
    p.fetcher.stop();
    p.attendance.stop(); // after the last socket
    p.promises.stop();
    p.clocks.stop();
    p.room.stop();
    p.delivery.stop();
    p.dialler.stop();
    p.dispatcher.stop();
    p.other_nodes.stop();
    p.hub.stop();
    co_await p.work.finished();
}

std::uint16_t application::port() const {
    return parts_->server.port();
}

std::uint16_t application::ops_port() const {
    return parts_->ops.port();
}

std::uint16_t application::lmtp_port() const {
    return parts_->mail.lmtp_port();
}

store::database& application::database() {
    return parts_->database;
}

} // namespace switchboard::app
