#include "support/postfix.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace switchboard::test {

namespace fs = std::filesystem;

namespace {

std::string main_cf(const fs::path& folder, std::uint16_t lmtp_port) {
    return fmt::format(R"(compatibility_level = 3.6
queue_directory = {0}/queue
data_directory = {0}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
relay_domains = example.com
relay_recipient_maps =
transport_maps = inline:{{example.com=lmtp:inet:127.0.0.1:{1}}}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_client_connection_rate_limit = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
lmtp_destination_concurrency_failed_cohort_limit = 0
maillog_file = {0}/log
maillog_file_prefixes = {0}
alias_maps =
alias_database =
)",
                       folder.string(), lmtp_port);
}

std::string master_cf(std::uint16_t port) {
    return fmt::format(R"(127.0.0.1:{} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
)",
                       port);
}

} // namespace

std::string postfix::missing() {
    if (!fs::exists("/usr/lib/postfix/sbin/master")) return "Postfix is not installed (apt-get install postfix)";
    if (::geteuid() != 0) return "Postfix needs root to start";
    return {};
}

postfix::postfix(std::uint16_t lmtp_port) {
    folder_.write("conf/main.cf", main_cf(folder_.path(), lmtp_port));
    folder_.write("conf/master.cf", master_cf(port_));
    fs::create_directory(folder_.path() / "queue");
    fs::create_directory(folder_.path() / "data");
    const auto prepare = fmt::format("chown postfix {0}/data && /usr/sbin/postfix -c {0}/conf check > {0}/check 2>&1",
                                     folder_.path().string());
    if (std::system(prepare.c_str()) != 0) throw std::runtime_error{"postfix check failed"};
    const std::vector<std::string> command{"/usr/lib/postfix/sbin/master", "-c", folder_.path() / "conf", "-d"};
    master_.emplace(command, folder_.path() / "out");
    wait_for_port(port_);
}

postfix::~postfix() = default;

std::size_t postfix::queued() const {
    std::set<std::string> ids; // a mail on its way from one folder to the other may be seen in both
    // Active twice: what is tried again goes back there from deferred.
    for (const auto* name : {"incoming", "active", "deferred", "active"}) {
        std::error_code failed, gone;
        for (fs::recursive_directory_iterator it{folder_.path() / "queue" / name, failed}, end; it != end && !failed;
             it.increment(failed))
            if (it->is_regular_file(gone)) ids.insert(it->path().filename());
    }
    return ids.size();
}

std::string postfix::log() const {
    std::ostringstream out;
    out << std::ifstream{folder_.path() / "log"}.rdbuf() << std::ifstream{folder_.path() / "out"}.rdbuf();
    return out.str();
}

} // namespace switchboard::test
