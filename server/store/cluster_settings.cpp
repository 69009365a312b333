#include "store/cluster_settings.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

namespace switchboard::store {
namespace {

/// As a list of one folder inside a configuration string: "…" with quotes doubled, inside '…' with quotes doubled.
std::string quoted_folder(const std::filesystem::path& folder) {
    std::string out = "'\"";
    for (const char c : folder.string()) {
        out += c;
        if (c == '"' || c == '\'' || c == '\\') out += c;
    }
    return out + "\"'";
}

long memory_mb() {
    return ::sysconf(_SC_PHYS_PAGES) / 1024 * ::sysconf(_SC_PAGESIZE) / 1024;
}

} // namespace

std::string cluster_settings(const std::filesystem::path& socket_folder) {
    const auto memory = memory_mb();
    return fmt::format(R"(# Written by Switchboard at every start. Use ALTER SYSTEM for settings of your own: they win.

listen_addresses = ''
unix_socket_directories = {socket}
unix_socket_permissions = 0700
max_connections = 100
cluster_name = 'switchboard'

# An acknowledged contact is on the disk. Never touch these three.
fsync = on
synchronous_commit = on
full_page_writes = on

# After a crash: one flush of the whole disk, not one of each file, which takes seconds.
recovery_init_sync_method = syncfs

shared_buffers = {shared}MB
effective_cache_size = {cache}MB
work_mem = 8MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
effective_io_concurrency = 64
jit = off
max_parallel_workers_per_gather = 1

# Mail bodies are large and compress well; so does the log of them.
default_toast_compression = lz4
wal_compression = lz4
wal_buffers = 16MB
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9

# Queues and outboxes change all the time and stay small: clean them early and often.
autovacuum_naptime = 20s
autovacuum_vacuum_scale_factor = 0.05
autovacuum_analyze_scale_factor = 0.05
autovacuum_vacuum_cost_delay = 2ms

idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_duration_statement = 2s
log_checkpoints = off
)",
                       fmt::arg("socket", quoted_folder(socket_folder)),
                       fmt::arg("shared", std::clamp(memory / 8, 128L, 8192L)),
                       fmt::arg("cache", std::max(memory / 2, 256L)));
}

} // namespace switchboard::store
