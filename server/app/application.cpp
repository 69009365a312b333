#include "app/application.hpp"

#include "app/authority_watch.hpp"
#include "app/background.hpp"
#include "app/chat_doors.hpp"
#include "app/clock_watch.hpp"
#include "app/configuration_watch.hpp"
#include "app/contact_views.hpp"
#include "app/front_door.hpp"
#include "app/health.hpp"
#include "app/live_simulator.hpp"
#include "app/mail_door.hpp"
#include "app/measurements.hpp"
#include "app/metrics.hpp"
#include "app/open_files.hpp"
#include "app/ops_door.hpp"
#include "app/options.hpp"
#include "app/rows.hpp"
#include "app/sla_watch.hpp"
#include "app/storage_watch.hpp"
#include "app/stranger_budgets.hpp"

#include <switchboard/api/security_log.hpp>
#include <switchboard/channels/page_picture.hpp>
#include <switchboard/delivery/delivery.hpp>
#include <switchboard/delivery/dialler.hpp>
#include <switchboard/desk/by_itself.hpp>
#include <switchboard/live/feeds.hpp>
#include <switchboard/live/refresh_viewers.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/outside/amazon.hpp>
#include <switchboard/outside/picture_fetcher.hpp>
#include <switchboard/outside/signing_keys.hpp>
#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/cluster.hpp>
#include <switchboard/store/node_bell.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/web/server.hpp>

#include <utility>

namespace switchboard::app {

namespace asio = boost::asio;

struct application::rooms {
    rooms(asio::io_context& io_, const config& c, const std::string& url, const store::cluster* own_)
        : io{io_}, settings{c}, own{own_},
          offload{static_cast<std::size_t>(c.offload_threads), static_cast<std::size_t>(c.offload_max_pending)},
          passwords{static_cast<std::size_t>(c.sign_in_threads), static_cast<std::size_t>(c.sign_in_max_pending)},
          database{url, database_options_of(c)}, other_nodes{url, io_.get_executor(), [this] { hub.wake(); }},
          work{io_} {}

    void follow(std::span<const event> events);
    std::vector<authority> authorities_in_use() const;
    asio::awaitable<void> read_configuration();
    api::services services();

    asio::io_context& io;
    const config settings;
    const store::cluster* own; // the private PostgreSQL, if there is one

    // What waits: CPU and database threads.
    offload_pool offload;
    offload_pool passwords; // of its own: guessing holds up no mail
    outside::picture_fetcher pictures{picture_options_of(settings)};
    store::database database;
    const secret_box box = secret_box_of(settings);
    app::rows rows{database, settings, box};

    // The way of a contact: in, to an agent, and back out.
    std::function<void()> bell = [this] {
        hub.wake();
        other_nodes.ring();
    };
    live::hub hub{io.get_executor(), rows.events, [this](std::span<const event> events) { follow(events); }};
    store::node_bell other_nodes;
    storage_watch storage{io, settings, own, [this] { fetcher.wake(); }};
    outside::amazon amazon{amazon_options_of(settings)};
    outside::signing_keys sns_keys{io.get_executor(), [this](std::string url) { return amazon.get(std::move(url)); }};
    intake::intake intake{
        io.get_executor(), database,
        intake::intake_hooks{.committed = [this](const auto& done) { dispatcher.waiting(done.opened, done.requeued); },
                             .bell = bell,
                             .no_room = [this] { return storage.low(); },
                             .ask = {.signing_key = [this](auto url) { return sns_keys.get(std::move(url)); },
                                     .confirm = [this](auto url) { return amazon.get(std::move(url)); },
                                     .mail =
                                         [this](channels::stored_mail at) {
                                             return amazon.object(std::move(at.bucket), std::move(at.key),
                                                                  std::move(at.region));
                                         }}},
        intake_options_of(settings), box};
    live::chat_rooms chats{io.get_executor(), rows.chat, hub, chat_doors_of(intake, offload, bell),
                           chat_bounds_of(settings)};
    live::viewers lookers{io.get_executor(), hub, [this](std::int64_t ticket, viewer who) {
                              return rows.tickets.place_of(ticket, std::move(who));
                          }};
    live::attendance attendance{io.get_executor(), database, desk::absence_of_owner,
                                std::chrono::seconds{settings.routing_absent_s}, bell};
    live::feeds feeds{hub, chats, lookers, attendance, std::chrono::seconds{settings.server_hello_timeout}};
    routing::dispatcher dispatcher{io.get_executor(), rows.routing, routing_options_of(settings), bell};
    live_simulator simulator{database};
    mail_door mail{io, settings, intake, offload};
    imap::fetcher fetcher{
        io.get_executor(), rows.mailbox_states, [this] { return storage.low() ? nullptr : intake.config(); },
        [this](const auto& from, http::request letter) { return mail.take_fetched(from, std::move(letter)); },
        fetching_options()};
    clock_watch clocks{io, database};
    sla_watch sla{io, rows.sla_clocks, bell};
    delivery::delivery delivery{io.get_executor(), rows.outbox, smtp_of(settings), bell};
    delivery::dialler dialler{io.get_executor(), rows.dial_orders};

    // The front. What strangers may cost stands before everything that they can ask for.
    stranger_budgets strangers{settings, sockets_within(settings, open_files())};
    api::security_log security{io.get_executor(), rows.audit, security_log_options_of(settings)};
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
    front_door front{router, counted, state, settings.server_console};
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
                                    .tickets = rows.tickets,
                                    .follow_ups = rows.follow_ups,
                                    .offload = offload,
                                    .passwords = passwords,
                                    .storage = storage,
                                    .clocks = clocks,
                                    .own = own}};
    ops_door ops{io, settings.server_ops_address, counted, state, measurements};

    background work;
};

api::services application::rooms::services() {
    return {.offload = offload,
            .passwords = passwords,
            .security = security,
            .audit = rows.audit,
            .users = rows.users,
            .configuration = rows.configuration,
            .queue_members = rows.queue_members,
            .calendar_agents = rows.calendar_agents,
            .sla_clocks = rows.sla_clocks,
            .agents = rows.agents,
            .gateways = rows.gateways,
            .tokens = rows.tokens,
            .customers = rows.customers,
            .customer_moves = rows.customer_moves,
            .objects = rows.objects,
            .sessions = rows.sessions,
            .idempotency = rows.idempotency,
            .tickets = rows.tickets,
            .desk = rows.desk,
            .callbacks = rows.callbacks,
            .follow_ups = rows.follow_ups,
            .follow_up_lists = rows.follow_up_lists,
            .actions = rows.actions,
            .action_lists = rows.action_lists,
            .drafts = rows.drafts,
            .contacts = rows.contacts,
            .chat = rows.chat,
            .intake = intake,
            .feeds = feeds,
            .chat_sessions = strangers.chat_sessions,
            .chat_files = strangers.chat_files,
            .chat_handshakes = strangers.chat_handshakes,
            .chat_sockets = strangers.chat_sockets,
            .chat_session_life = std::chrono::hours{settings.chat_session_hours},
            .sanitize_html = safe_html_of,
            .page_picture = channels::page_picture,
            .fetch_picture = [this](std::string url) { return fetch_picture(pictures, std::move(url)); },
            .explain_routing = [this](std::int64_t ticket) { return dispatcher.explain(ticket); },
            .explain_agents = [this](std::int64_t ticket) { return dispatcher.explain_agents(ticket); },
            .check_routing =
                [this](std::int64_t queue, api::routing_draft draft) {
                    return dispatcher.check(queue, std::move(draft.members), std::move(draft.steps));
                },
            .simulate = [this](api::simulation_order order) { return simulator.simulate(std::move(order)); },
            .troubles = [this] { return state.troubles(); },
            .bell = bell,
            .authority_ended = [this] { authorities.look_now(); }};
}

std::vector<authority> application::rooms::authorities_in_use() const {
    auto all = hub.authorities();
    const auto remembered = router.authorities();
    all.insert(all.end(), remembered.begin(), remembered.end());
    return all;
}

/// Everything in this process that follows the log, in one place.
void application::rooms::follow(std::span<const event> events) {
    dispatcher.follow(events);
    chats.follow(events);
    lookers.follow(events);
    delivery.follow(events);
    dialler.follow(events);
    configuration.follow(events);
}

asio::awaitable<void> application::rooms::read_configuration() {
    co_await intake.reload();
    fetcher.wake();
    co_await live::refresh_viewers(hub, rows.users);
}

application::application(asio::io_context& io, const config& c, const std::string& database_url,
                         const store::cluster* own)
    : rooms_{std::make_unique<rooms>(io, c, database_url, own)} {}

application::~application() = default;

asio::awaitable<void> application::start() {
    auto& r = *rooms_;
    co_await r.hub.begin(); // before anything is read: what changes after that, everybody who has read it is told
    co_await r.clocks.set();
    co_await r.rows.secrets.settle(); // before anything reads them
    for (const auto& login : co_await r.rows.users.normalize_logins())
        log::warn("login_looks_like_another", {{"login", login}});
    co_await r.intake.reload();
    r.server.start(); // first: when the address is taken, nothing else has begun
    r.ops.start();
    r.mail.start();
    r.work.start("live", r.hub.run());
    r.other_nodes.start();
    r.work.start("routing", r.dispatcher.run());
    r.work.start("fetching", r.fetcher.run());
    r.work.start("delivery", r.delivery.run());
    r.work.start("dialling", r.dialler.run());
    r.work.start("attendance", r.attendance.run());
    r.work.start("sla", r.sla.run());
    r.work.start("security", r.security.run());
    r.work.start("authorities", r.authorities.run());
    r.work.start("clocks", r.clocks.run());
    r.work.start("storage", r.storage.run());
    r.work.start("configuration", r.configuration.run());
}

asio::awaitable<void> application::stop() {
    auto& r = *rooms_;
    r.state.stop();
    r.pictures.stop();
    r.amazon.stop();
    const std::chrono::seconds grace{r.settings.server_shutdown_grace};
    r.simulator.stop();
    co_await r.mail.stop(grace);
    co_await r.server.stop(grace);
    co_await r.ops.stop(grace); // said until now that it was not ready
    r.security.stop();          // after the last request that it may tell of
    r.authorities.stop();
    r.fetcher.stop();
    r.attendance.stop(); // after the last socket
    r.sla.stop();
    r.clocks.stop();
    r.storage.stop();
    r.configuration.stop();
    r.delivery.stop();
    r.dialler.stop();
    r.dispatcher.stop();
    r.other_nodes.stop();
    r.hub.stop();
    co_await r.work.finished();
}

std::uint16_t application::port() const {
    return rooms_->server.port();
}

std::uint16_t application::ops_port() const {
    return rooms_->ops.port();
}

std::uint16_t application::lmtp_port() const {
    return rooms_->mail.lmtp_port();
}

store::database& application::database() {
    return rooms_->database;
}

} // namespace switchboard::app
