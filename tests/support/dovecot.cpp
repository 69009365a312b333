#include "support/dovecot.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace switchboard::test {

namespace fs = std::filesystem;

namespace {

constexpr auto no_tls = "ssl = no\ndisable_plaintext_auth = no\n";

std::string configuration(const fs::path& folder, std::uint16_t port, std::uint16_t tls_port, const std::string& tls) {
    return fmt::format(R"(base_dir = {0}/run
instance_name = switchboard-test
protocols = imap
listen = 127.0.0.1
{3}auth_failure_delay = 0
log_path = {0}/log
mail_location = maildir:{0}/mail/%u
mail_uid = dovecot
mail_gid = dovecot
first_valid_uid = 1
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password=secret
}}
userdb {{
  driver = static
  args = uid=dovecot gid=dovecot home={0}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {1}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {2}
    ssl = yes
  }}
}}
)",
                       folder.string(), port, tls == no_tls ? 0 : tls_port, tls);
}

/// Gives a file or a folder to the user whom Dovecot reads mail as.
void give_away(const fs::path& what) {
    const auto* who = ::getpwnam("dovecot");
    if (who == nullptr || ::chown(what.c_str(), who->pw_uid, who->pw_gid) != 0)
        throw std::runtime_error{"cannot give away " + what.string()};
}

} // namespace

std::string dovecot::missing() {
    if (!fs::exists("/usr/lib/dovecot/imap")) return "Dovecot is not installed (apt-get install dovecot-imapd)";
    if (::geteuid() != 0) return "Dovecot needs root to start";
    return {};
}

dovecot::dovecot() {
    set_up(no_tls);
}

dovecot::dovecot(const certificate& own) {
    const auto pem = folder_.write("server.pem", own.pem), key = folder_.write("server.key", own.key);
    set_up(fmt::format("ssl = required\nssl_cert = <{}\nssl_key = <{}\n", pem.string(), key.string()));
}

void dovecot::set_up(const std::string& tls) {
    folder_.write("dovecot.conf", configuration(folder_.path(), port_, tls_port_, tls));
    fs::create_directory(folder_.path() / "mail");
    give_away(folder_.path() / "mail");
    start();
}

dovecot::~dovecot() = default;

void dovecot::start() {
    const std::vector<std::string> command{"/usr/sbin/dovecot", "-F", "-c", folder_.path() / "dovecot.conf"};
    master_.emplace(command, folder_.path() / "out");
    wait_for_port(port_);
}

void dovecot::stop() {
    master_.reset();
}

fs::path dovecot::place(const std::string& user, const std::string& folder) const {
    const auto inbox = folder_.path() / "mail" / user;
    return folder == "INBOX" ? inbox : inbox / ("." + folder);
}

void dovecot::put(const std::string& user, const std::string& mail) {
    const auto box = place(user);
    for (const auto* part : {"", "tmp", "new", "cur"})
        if (fs::create_directory(box / part)) give_away(box / part);
    const auto name = fmt::format("{:010}.test", ++made_);
    std::ofstream{box / "tmp" / name} << mail;
    give_away(box / "tmp" / name);
    fs::rename(box / "tmp" / name, box / "new" / name);
}

std::size_t dovecot::count(const std::string& user, const std::string& folder, bool only_seen) const {
    std::size_t out = 0;
    for (const auto* part : {"new", "cur"}) {
        std::error_code none;
        for (const auto& file : fs::directory_iterator{place(user, folder) / part, none}) {
            const auto name = file.path().filename().string();
            const auto flags = name.find(":2,");
            if (!only_seen || (flags != name.npos && name.find('S', flags) != name.npos)) ++out;
        }
    }
    return out;
}

void dovecot::make_unreadable(const std::string& user, std::size_t n) const {
    std::vector<fs::path> files;
    for (const auto& file : fs::directory_iterator{place(user) / "new"}) files.push_back(file.path());
    std::ranges::sort(files);
    if (::chown(files.at(n).c_str(), 0, 0) != 0) throw std::runtime_error{"chown"};
    fs::permissions(files.at(n), fs::perms::none);
}

void dovecot::renumber(const std::string& user) {
    for (const auto* file :
         {"dovecot-uidlist", "dovecot.index.log", "dovecot.index", "dovecot.index.cache", "dovecot-uidvalidity"})
        fs::remove(place(user) / file);
    for (const auto& file : fs::directory_iterator{place(user)}) // "dovecot-uidvalidity.6740ab12"
        if (file.path().filename().string().starts_with("dovecot-uidvalidity")) fs::remove(file.path());
}

std::string dovecot::log() const {
    std::ostringstream out;
    out << std::ifstream{folder_.path() / "log"}.rdbuf();
    return out.str();
}

} // namespace switchboard::test
