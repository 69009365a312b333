#pragma once

#include "support/spawned_server.hpp"
#include "support/temporary_folder.hpp"

#include <switchboard/store/cluster.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace switchboard::test {

/// What a benchmark measures: a private PostgreSQL with the settings of production, and one queue with one mailbox.
class bench_center {
public:
    bench_center();
    /// Over an empty database that is there already.
    explicit bench_center(std::string url);

    static constexpr auto token = "sb_bench"; // intake and admin
    static constexpr auto gateway = "mailbox";

    spawned_server::environment environment() const { return {{"SWITCHBOARD_DATABASE_URL", url_}}; }
    const std::string& url() const { return url_; }
    /// CPU that PostgreSQL has used, with every process of it.
    double postgres_cpu_seconds() const;
    std::int64_t gateway_id() const { return gateway_id_; }
    std::int64_t queue_id() const { return queue_id_; }

    /// One row, one column of it.
    std::string sql(const std::string& statement) const;

    /// Members of the queue who can take many e-mails each; ready or not.
    std::vector<std::int64_t> add_agents(std::size_t count, bool ready) const;
    /// A session of this user: the value of the cookie.
    std::string session_of(std::int64_t user) const;

private:
    struct private_postgres {
        temporary_folder folder{"bench"};
        store::cluster cluster{folder.path() / "postgres"};
    };
    std::unique_ptr<private_postgres> own_;
    std::string url_;
    std::int64_t queue_id_ = 0, gateway_id_ = 0;
};

/// 4 KB of words.
std::string bench_letter();

/// CPU seconds of a process so far.
double cpu_seconds(pid_t pid);

/// "0.42 0.61 0.55": the load of the machine, to print beside figures.
std::string machine_load();

} // namespace switchboard::test
