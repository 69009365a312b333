#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::app {

/// What is read at the moment of a scrape.
struct figures {
    std::size_t connections = 0, strangers = 0, chat_sockets = 0, mail_connections = 0, subscribers = 0;
    std::uint64_t fetched = 0; // mails by IMAP, since the start
    std::size_t database_pending = 0, offload_pending = 0, passwords_pending = 0, intake_waiting = 0;
    std::uint64_t intake_commits = 0, contacts = 0, duplicates = 0, quarantined = 0; // since the start
    bool leads_routing = false;
    std::uint64_t database_restarts = 0;
    std::optional<std::uint64_t> storage_free_bytes; // of the private PostgreSQL
    bool storage_low = false;
    double clock_ahead_s = 0; // this machine's, of the database's
    std::uint64_t offers = 0;
    std::uint64_t loads_mended = 0;
    std::uint64_t replies_sent = 0, replies_failed = 0;
    std::array<std::uint64_t, 3> follow_ups{}; // by follow_up_outcome
    std::vector<std::uint64_t> security;       // by audit_kind

    struct queue {
        std::string name;
        std::int64_t waiting = 0, offered = 0, active = 0;
    };
    std::vector<queue> queues;

    struct bound {
        std::string name; // of what was too much
        std::uint64_t hit = 0;
        std::string address = {}; // whose the last was, where one is known
    };
    std::vector<bound> bounds;
};

/// Counts and times, in Prometheus' text form.
class metrics {
public:
    metrics();
    ~metrics();
    metrics(const metrics&) = delete;
    metrics& operator=(const metrics&) = delete;

    void request(int status, std::chrono::steady_clock::duration took);

    std::string text(const figures& now);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace switchboard::app
