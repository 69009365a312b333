#include "app/measurements.hpp"

#include "app/clock_watch.hpp"
#include "app/mail_door.hpp"
#include "app/storage_watch.hpp"
#include "app/stranger_budgets.hpp"

#include <switchboard/api/security_log.hpp>
#include <switchboard/delivery/delivery.hpp>
#include <switchboard/desk/follow_ups.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/live/chat_rooms.hpp>
#include <switchboard/mailbox/fetcher.hpp>
#include <switchboard/routing/dispatcher.hpp>
#include <switchboard/store/audit.hpp>
#include <switchboard/store/cluster.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/tickets.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/offload.hpp>
#include <switchboard/web/server.hpp>

#include <utility>

namespace switchboard::app {

std::vector<figures::bound> measurements::bounds_hit() const {
    const auto sockets = of_.server.counts();
    const auto chat_refused = of_.chats.refusals();
    const auto& strangers = of_.strangers;
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

void measurements::record_bounds(api::security_log& to) {
    for (const auto& b : bounds_hit()) {
        const auto before = std::exchange(recorded_[b.name], b.hit);
        audit_entry e;
        e.details = R"({"bound": ")" + std::string{b.name} + R"("})";
        e.address = b.address;
        if (b.hit > before) to.record(audit_kind::bound_hit, std::move(e), b.hit - before);
    }
}

boost::asio::awaitable<figures> measurements::take() {
    const auto taken = of_.intake.counts();
    const auto routed = of_.dispatcher.figures();
    const auto sent = of_.delivery.figures();
    const auto sockets = of_.server.counts();
    figures out{.connections = sockets.connections,
                .strangers = sockets.strangers,
                .chat_sockets = of_.strangers.chat_sockets.held(),
                .mail_connections = of_.mail.connections(),
                .subscribers = of_.hub.subscribers(),
                .fetched = of_.fetcher.figures().fetched,
                .database_pending = of_.database.pending(),
                .offload_pending = of_.offload.pending(),
                .passwords_pending = of_.passwords.pending(),
                .intake_waiting = taken.waiting,
                .intake_commits = taken.commits,
                .contacts = taken.contacts,
                .duplicates = taken.duplicates,
                .quarantined = taken.quarantined,
                .leads_routing = routed.leading,
                .database_restarts = of_.own ? of_.own->restarts() : 0,
                .storage_free_bytes = of_.own ? std::optional{of_.own->free_bytes()} : std::nullopt,
                .storage_low = of_.storage.low(),
                .clock_ahead_s = std::chrono::duration<double>(of_.clocks.machine_ahead()).count(),
                .offers = routed.offers,
                .loads_mended = routed.loads_mended,
                .replies_sent = sent.sent,
                .replies_failed = sent.failed,
                .follow_ups = of_.follow_ups.outcomes(),
                .security = store::audit_counts(),
                .queues = {},
                .bounds = bounds_hit()};
    try {
        for (const auto& q : co_await of_.tickets.queues())
            out.queues.push_back({q.queue.name, q.waiting, q.offered, q.active});
    } catch (const std::exception& e) {
        log::warn("metrics_without_queues", {{"reason", e.what()}});
    }
    co_return out;
}

} // namespace switchboard::app
