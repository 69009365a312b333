#include "app/application.hpp"

#include "app/amazon_desk.hpp"
#include "app/authority_watch.hpp"
#include "app/background.hpp"
#include "app/chat_doors.hpp"
#include "app/clock_watch.hpp"
#include "app/configuration_watch.hpp"
#include "app/front_door.hpp"
#include "app/health.hpp"
#include "app/live_simulator.hpp"
#include "app/mail_door.hpp"
#include "app/measurements.hpp"
#include "app/metrics.hpp"
#include "app/open_files.hpp"
#include "app/ops_door.hpp"
#include "app/options.hpp"
#include "app/promise_watch.hpp"
#include "app/storage_watch.hpp"
#include "app/stranger_budgets.hpp"

#include <switchboard/api/security_log.hpp>
#include <switchboard/channels/html.hpp>
#include <switchboard/channels/page_picture.hpp>
#include <switchboard/delivery/delivery.hpp>
#include <switchboard/delivery/dialler.hpp>
#include <switchboard/engine/from_rows.hpp>
#include <switchboard/live/feeds.hpp>
#include <switchboard/live/refresh_viewers.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/agents.hpp>
#include <switchboard/store/calendars.hpp>
#include <switchboard/store/callbacks.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/store/cluster.hpp>
#include <switchboard/store/contacts.hpp>
#include <switchboard/store/customers.hpp>
#include <switchboard/store/desk.hpp>
#include <switchboard/store/dial_orders.hpp>
#include <switchboard/store/drafts.hpp>
#include <switchboard/store/event_log.hpp>
#include <switchboard/store/gateways.hpp>
#include <switchboard/store/idempotency.hpp>
#include <switchboard/store/mailbox_states.hpp>
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
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/web/picture_fetcher.hpp>
#include <switchboard/web/server.hpp>

#include <filesystem>
#include <utility>

namespace switchboard::app {

namespace asio = boost::asio;

namespace {

api::safe_html sanitized(std::string_view html) {
    auto safe = channels::sanitize_html(html);
    return {std::move(safe.html), static_cast<std::int64_t>(safe.blocked_remote_count),
            std::move(safe.remote_pictures)};
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

    void follow(std::span<const event> events);
    std::vector<authority> authorities_in_use() const;
    asio::awaitable<void> read_configuration();
    asio::awaitable<std::expected<api::remote_picture, std::string>> fetch_picture(std::string url);
    api::services services();

    asio::io_context& io;
    const config settings;
    const store::cluster* own; // the private PostgreSQL, if there is one

    // What waits: CPU and database threads.
    offload_pool offload;
    offload_pool passwords; // of its own: guessing holds up no mail
    web::picture_fetcher pictures{picture_options_of(settings)};
    store::database database;
    const secret_box box = secret_box_of(settings);
    store::secrets secrets{database, box};

    // The nouns.
    store::users users{database};
    store::nouns<skill> skills{database};
    store::nouns<licence> licences{database};
    store::nouns<queue> queues{database, routing::judge};
    store::queue_members queue_members{database};
    store::nouns<calendar> calendars{database};
    store::calendar_agents calendar_agents{database};
    store::nouns<sla_target> sla_targets{database};
    store::service_levels service_levels{database};
    store::agents agents{database};
    store::gateways gateways{database, box};
    store::nouns<rule> rules{database};
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
    live::hub hub{io.get_executor(), log, [this](std::span<const event> events) { follow(events); }};
    store::node_bell other_nodes;
    storage_watch storage{io, settings, own, [this] { fetcher.wake(); }};
    amazon_desk amazon{io.get_executor(), settings};
    intake::intake intake{
        io.get_executor(), database,
        intake::intake_hooks{.committed = [this](const auto& done) { dispatcher.waiting(done.opened, done.requeued); },
                             .bell = bell,
                             .no_room = [this] { return storage.low(); },
                             .ask = amazon.questions()},
        intake_options_of(settings), box};
    live::chat_rooms chats{io.get_executor(), chat, hub, chat_doors_of(intake, offload, bell),
                           chat_bounds_of(settings)};
    live::viewers lookers{io.get_executor(), hub,
                          [this](std::int64_t ticket, viewer who) { return tickets.place_of(ticket, std::move(who)); }};
    live::attendance attendance{io.get_executor(), database, std::chrono::seconds{settings.routing_absent_s}, bell};
    live::feeds feeds{hub, chats, lookers, attendance, std::chrono::seconds{settings.server_hello_timeout}};
    routing::dispatcher dispatcher{io.get_executor(), routing_rows, routing_options_of(settings), bell};
    live_simulator simulator{database};
    mail_door mail{io, settings, intake, offload};
    imap::fetcher fetcher{
        io.get_executor(), mailbox_states, [this] { return storage.low() ? nullptr : intake.config(); },
        [this](const auto& from, http::request letter) { return mail.take_fetched(from, std::move(letter)); },
        fetching_options()};
    clock_watch clocks{io, database};
    promise_watch promises{io, service_levels, bell};
    delivery::delivery delivery{io.get_executor(), outbox, smtp_of(settings), bell};
    delivery::dialler dialler{io.get_executor(), dial_orders};

    // The front. What strangers may cost stands before everything that they can ask for.
    stranger_budgets strangers{settings, sockets_within(settings, open_files())};
    api::security_log security{io.get_executor(), security_events, security_log_options_of(settings)};
    health state{database, own, dispatcher, storage, clocks};
    authority_watch authorities{io.get_executor(), database,
                                authority_watch::hooks{.in_use = [this] { return authorities_in_use(); },
                                                       .ended =
                                                           [this](const authority& by) {
                                                               router.forget(by);
                                                               hub.end(by);
                                                           },
                                                       .each_second =
                                                           [this] {
                                                               chats.tick();
                                                               lookers.tick();
                                                               measurements.record_bounds(security);
                                                           }}};
    configuration_watch configuration{io.get_executor(),
                                      configuration_watch::hooks{.changed =
                                                                     [this] {
                                                                         router.forget_principals();
                                                                         authorities.look_now();
                                                                     },
                                                                 .read = [this] { return read_configuration(); }}};
    api::router router{services(), router_options_of(settings)};
    metrics counted;
    std::optional<web::static_files> console = console_of(settings);
    front_door front{router, counted, state, console ? &*console : nullptr};
    web::server server{io, web_options_of(settings),
                       web::handlers{[this](http::request& head) { return front.admit(head); },
                                     [this](http::request r) { return front.answer(std::move(r)); },
                                     [this](http::request r) { return router.upgrade(std::move(r)); }}};
    app::measurements measurements{{.intake = intake,
                                    .dispatcher = dispatcher,
                                    .delivery = delivery,
                                    .server = server,
                                    .strangers = strangers,
                                    .chats = chats,
                                    .hub = hub,
                                    .mail = mail,
                                    .fetcher = fetcher,
                                    .database = database,
                                    .tickets = tickets,
                                    .offload = offload,
                                    .passwords = passwords,
                                    .storage = storage,
                                    .clocks = clocks,
                                    .own = own}};
    ops_door ops{io, settings.server_ops_address, counted, state, measurements};

    background work;
};

api::services application::parts::services() {
    return {.offload = offload,
            .passwords = passwords,
            .security = security,
            .security_events = security_events,
            .users = users,
            .nouns = {skills, licences, queues, calendars, sla_targets, rules},
            .queue_members = queue_members,
            .calendar_agents = calendar_agents,
            .service_levels = service_levels,
            .agents = agents,
            .gateways = gateways,
            .tokens = tokens,
            .customers = customers,
            .sessions = sessions,
            .idempotency = idempotency,
            .tickets = tickets,
            .desk = desk,
            .callbacks = callbacks,
            .drafts = drafts,
            .contacts = contacts,
            .chat = chat,
            .intake = intake,
            .feeds = feeds,
            .chat_sessions = strangers.chat_sessions,
            .chat_files = strangers.chat_files,
            .chat_handshakes = strangers.chat_handshakes,
            .chat_sockets = strangers.chat_sockets,
            .chat_session_life = std::chrono::hours{settings.chat_session_hours},
            .sanitize_html = sanitized,
            .page_picture = channels::page_picture,
            .fetch_picture = [this](std::string url) { return fetch_picture(std::move(url)); },
            .tell_routing = [this](std::int64_t ticket) { return dispatcher.tell(ticket); },
            .judge_agents = [this](std::int64_t ticket) { return dispatcher.judge_agents(ticket); },
            .check_routing =
                [this](std::int64_t queue, api::routing_draft draft) {
                    return dispatcher.check(queue, std::move(draft.members), std::move(draft.steps));
                },
            .simulate = [this](api::simulation_order order) { return simulator.simulate(std::move(order)); },
            .troubles = [this] { return state.troubles(); },
            .bell = bell,
            .authority_ended = [this] { authorities.look_now(); }};
}

asio::awaitable<std::expected<api::remote_picture, std::string>> application::parts::fetch_picture(std::string url) {
    auto found = co_await pictures.fetch(std::move(url));
    if (!found) co_return std::unexpected{std::move(found.error())};
    co_return api::remote_picture{std::move(found->type), std::move(found->bytes)};
}

std::vector<authority> application::parts::authorities_in_use() const {
    auto all = hub.authorities();
    const auto remembered = router.authorities();
    all.insert(all.end(), remembered.begin(), remembered.end());
    return all;
}

/// Everything in this process that follows the log, in one place.
void application::parts::follow(std::span<const event> events) {
    dispatcher.follow(events);
    chats.follow(events);
    lookers.follow(events);
    delivery.follow(events);
    dialler.follow(events);
    configuration.follow(events);
}

asio::awaitable<void> application::parts::read_configuration() {
    co_await intake.reload();
    fetcher.wake();
    co_await live::refresh_viewers(hub, users, agents);
}

application::application(asio::io_context& io, const config& c, const std::string& database_url,
                         const store::cluster* own)
    : parts_{std::make_unique<parts>(io, c, database_url, own)} {}

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
    p.work.start("storage", p.storage.run());
    p.work.start("configuration", p.configuration.run());
}

asio::awaitable<void> application::stop() {
    auto& p = *parts_;
    p.state.stop();
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
    p.storage.stop();
    p.configuration.stop();
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
