#include "app/metrics.hpp"

#include <switchboard/model/audit_entry.hpp>
#include <switchboard/model/states.hpp>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>

namespace switchboard::app {

namespace p = prometheus;

struct metrics::state {
    p::Registry registry;
    p::Family<p::Counter>& requests = p::BuildCounter()
                                          .Name("switchboard_requests_total")
                                          .Help("Requests answered, by class of status")
                                          .Register(registry);
    std::array<p::Counter*, 6> by_class{};
    p::Histogram& seconds =
        p::BuildHistogram()
            .Name("switchboard_request_seconds")
            .Help("Time from the whole request to its answer")
            .Register(registry)
            .Add({}, p::Histogram::BucketBoundaries{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10});

    state() {
        for (std::size_t i = 1; i < by_class.size(); ++i)
            by_class[i] = &requests.Add({{"status", std::to_string(i) + "xx"}});
    }

    void gauge(const char* name, const char* help, double value, const p::Labels& labels = {}) {
        p::BuildGauge().Name(name).Help(help).Register(registry).Add(labels).Set(value);
    }

    void total(const char* name, const char* help, std::uint64_t value, const p::Labels& labels = {}) {
        auto& counter = p::BuildCounter().Name(name).Help(help).Register(registry).Add(labels);
        counter.Increment(static_cast<double>(value) - counter.Value());
    }
};

metrics::metrics() : state_{std::make_unique<state>()} {}
metrics::~metrics() = default;

void metrics::request(int status, std::chrono::steady_clock::duration took) {
    const auto status_class = static_cast<std::size_t>(status / 100);
    if (status_class >= 1 && status_class < state_->by_class.size()) state_->by_class[status_class]->Increment();
    state_->seconds.Observe(std::chrono::duration<double>(took).count());
}

std::string metrics::text(const figures& now) {
    auto& m = *state_;
    const auto number = [](std::size_t n) { return static_cast<double>(n); };
    m.gauge("switchboard_connections", "Open sockets", number(now.connections));
    m.gauge("switchboard_stranger_connections", "Those of whom it is not known yet who they are",
            number(now.strangers));
    m.gauge("switchboard_chat_sockets", "Open WebSockets of website chats", number(now.chat_sockets));
    m.gauge("switchboard_mail_connections", "Open connections of mail servers", number(now.mail_connections));
    m.total("switchboard_mails_fetched_total", "Mails fetched by IMAP and committed", now.fetched);
    m.gauge("switchboard_live_subscribers", "Open live feeds", number(now.subscribers));
    m.gauge("switchboard_database_pending", "Jobs that wait for or hold a connection", number(now.database_pending));
    m.gauge("switchboard_offload_pending", "Jobs that wait for or hold a CPU thread", number(now.offload_pending));
    m.gauge("switchboard_passwords_pending", "Password hashes that wait or are made", number(now.passwords_pending));
    m.gauge("switchboard_intake_waiting", "Contacts that wait for their commit", number(now.intake_waiting));
    m.total("switchboard_intake_commits_total", "Group commits", now.intake_commits);
    m.total("switchboard_contacts_total", "Contacts taken in", now.contacts);
    m.total("switchboard_contacts_duplicate_total", "Contacts that were known already", now.duplicates);
    m.total("switchboard_contacts_quarantined_total", "Contacts that could not be understood", now.quarantined);
    m.gauge("switchboard_intake_group_size", "Contacts per group commit since the start",
            now.intake_commits == 0 ? 0 : static_cast<double>(now.contacts) / static_cast<double>(now.intake_commits));
    m.gauge("switchboard_routing_leader", "1 on the node that decides", now.leads_routing ? 1 : 0);
    m.total("switchboard_database_restarts_total", "Times that the private PostgreSQL had to be started again",
            now.database_restarts);
    if (now.storage_free_bytes) {
        m.gauge("switchboard_storage_free_bytes", "Room on the disk of the private PostgreSQL",
                static_cast<double>(*now.storage_free_bytes));
        m.gauge("switchboard_storage_low", "1 while nothing new is taken in for want of room", now.storage_low ? 1 : 0);
    }
    m.gauge("switchboard_clock_ahead_seconds", "This machine's clock, ahead of the database's", now.clock_ahead_s);
    m.total("switchboard_offers_total", "Offers committed by this node", now.offers);
    m.total("switchboard_loads_mended_total", "Loads of agents that were not what their open offers say",
            now.loads_mended);
    m.total("switchboard_replies_sent_total", "Replies handed to the mail server", now.replies_sent);
    m.total("switchboard_replies_failed_total", "Replies given up", now.replies_failed);
    for (std::size_t i = 0; i < now.follow_ups.size(); ++i)
        m.total("switchboard_follow_ups_total", "Promises to come back that were ended through this node, by outcome",
                now.follow_ups[i], {{"outcome", std::string{name_of(static_cast<follow_up_outcome>(i))}}});
    for (std::size_t i = 0; i < now.security.size(); ++i)
        m.total("switchboard_security_events_total", "What happened at the door, by kind", now.security[i],
                {{"kind", std::string{name_of(static_cast<audit_kind>(i))}}});
    for (const auto& q : now.queues) {
        m.gauge("switchboard_queue_waiting", "Tickets waiting", static_cast<double>(q.waiting), {{"queue", q.name}});
        m.gauge("switchboard_queue_offered", "Tickets offered", static_cast<double>(q.offered), {{"queue", q.name}});
        m.gauge("switchboard_queue_active", "Tickets worked on", static_cast<double>(q.active), {{"queue", q.name}});
    }
    for (const auto& b : now.bounds)
        m.total("switchboard_bounds_hit_total", "What was refused because there was too much of it", b.hit,
                {{"bound", b.name}});
    return p::TextSerializer{}.Serialize(m.registry.Collect());
}

} // namespace switchboard::app
