#include <switchboard/store/cluster.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/log.hpp>

#include "store/child_process.hpp"
#include "store/cluster_keeper.hpp"
#include "store/cluster_programs.hpp"
#include "store/cluster_settings.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <pqxx/pqxx>
#include <pwd.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cctype>
#include <fstream>
#include <utility>

namespace switchboard::store {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view superuser = "switchboard"; // of the cluster; trusted on a socket that only we can reach

template <class... T>
cluster_error error(fmt::format_string<T...> format, T&&... values) {
    return cluster_error(fmt::format(format, std::forward<T>(values)...));
}

void make_private(const fs::path& folder, uid_t uid, gid_t gid) {
    fs::create_directory(folder);
    if (::geteuid() == 0 && ::chown(folder.c_str(), uid, gid) != 0) throw error("cannot give {} away", folder.string());
    fs::permissions(folder, fs::perms::owner_all);
}

/// Where the data can live: `wanted` itself, or what it links to, or a link that is made now because the service user
/// cannot pass the folders above it (a checkout in /root, say).
fs::path reachable_folder(const fs::path& wanted, uid_t uid, gid_t gid) {
    auto path = fs::absolute(wanted).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    fs::create_directories(path.parent_path());
    if (fs::is_symlink(path)) {
        const auto target = path.parent_path() / fs::read_symlink(path);
        fs::create_directories(target.parent_path());
        return target;
    }
    if (can_enter(path.parent_path(), uid, gid)) return fs::canonical(path.parent_path()) / path.filename();
    if (fs::exists(path)) throw error("the PostgreSQL in {} cannot be reached by its user: move it", path.string());
    const auto target = fs::path("/var/lib/switchboard") / sha256_hex(path.string()).substr(0, 16);
    fs::create_directories(target.parent_path());
    fs::create_directory_symlink(target, path);
    return target;
}

/// The folder of the socket: inside `folder` if the kernel's limit of 107 bytes allows, else a private one in /tmp.
fs::path make_socket_folder(const fs::path& folder, uid_t uid, gid_t gid) {
    constexpr std::size_t limit = 107, name = std::string_view("/.s.PGSQL.5432.lock").size();
    auto place = folder / "socket";
    if (place.string().size() + name <= limit) {
        make_private(place, uid, gid);
        return place;
    }
    place = fs::path("/tmp") / ("switchboard-" + sha256_hex(folder.string()).substr(0, 16));
    // Anybody may write to /tmp: take the name if it is free, and trust it only if it is ours.
    if (::mkdir(place.c_str(), 0700) == 0 && ::geteuid() == 0 && ::lchown(place.c_str(), uid, gid) != 0)
        throw error("cannot give {} away", place.string());
    struct stat about{};
    if (::lstat(place.c_str(), &about) != 0 || !S_ISDIR(about.st_mode) || about.st_uid != uid ||
        (about.st_mode & 077U) != 0)
        throw error("{} is not ours alone", place.string());
    return place;
}

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_' || c == '.')
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

} // namespace

cluster::cluster(const fs::path& folder, cluster_patience patience) : uid_{::geteuid()}, gid_{::getegid()} {
    if (uid_ == 0) {
        const auto* user = ::getpwnam("postgres");
        if (!user) throw error("there is no user 'postgres' to run the database as: install PostgreSQL");
        uid_ = user->pw_uid;
        gid_ = user->pw_gid;
    }
    try {
        folder_ = reachable_folder(folder, uid_, gid_);
        make_private(folder_, uid_, gid_);
        folder_ = fs::canonical(folder_);
        data_ = folder_ / "data";
        lock();
        programs_ = find_postgres_programs(data_);
        socket_folder_ = make_socket_folder(folder_, uid_, gid_);
        initialise();
        write_settings();
        keeper_ = std::make_unique<cluster_keeper>(
            postgres_place{folder_, data_, programs_, socket_folder_, uid_, gid_}, patience);
        keeper_->start();
        make_database();
    } catch (const fs::filesystem_error& e) {
        stop();
        throw error("the private PostgreSQL in {}: {}", folder_.string(), e.what());
    } catch (...) {
        stop();
        throw;
    }
}

cluster::~cluster() {
    stop();
}

void cluster::lock() {
    const auto path = folder_ / "lock";
    lock_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock_ < 0) throw error("cannot open {}", path.string());
    if (::flock(lock_, LOCK_EX | LOCK_NB) != 0)
        throw error("another Switchboard is using {}: stop it, or set database.folder", folder_.string());
}

void cluster::initialise() {
    if (fs::exists(data_ / "PG_VERSION")) return;
    log::info("database_create", {{"folder", data_.string()}});
    const auto unfinished = folder_ / "data.new"; // renamed when whole, so that a crash leaves nothing half
    fs::remove_all(unfinished);
    const child_program initdb{.arguments = {programs_ / "initdb", "--pgdata", unfinished, "--encoding", "UTF8",
                                             "--locale", "C.UTF-8", "--data-checksums", "--auth", "trust", "--username",
                                             std::string(superuser), "--no-instructions"},
                               .folder = folder_,
                               .log = folder_ / "postgres.log",
                               .uid = uid_,
                               .gid = gid_};
    if (const int status = run(initdb); status != 0)
        throw error("initdb failed with status {}:\n{}", status, last_words_of(initdb.log, 20));
    fs::rename(unfinished, data_);
}

void cluster::write_settings() const {
    const auto write = [&](const char* name, const std::string& content) {
        const auto path = data_ / name;
        std::ofstream(path) << content;
        if (::geteuid() == 0 && ::chown(path.c_str(), uid_, gid_) != 0)
            throw error("cannot give {} away", path.string());
    };
    write("postgresql.conf", cluster_settings(socket_folder_));
    write("pg_hba.conf", "# The folder of the socket lets nobody in but us.\nlocal all all trust\n");
}

void cluster::make_database() const {
    pqxx::connection connection{url("postgres")};
    pqxx::nontransaction statement{connection};
    if (statement.exec("SELECT 1 FROM pg_database WHERE datname = 'switchboard'").empty())
        statement.exec("CREATE DATABASE switchboard");
}

bool cluster::running() const {
    return keeper_ && keeper_->running();
}

std::string cluster::trouble() const {
    return keeper_ ? keeper_->trouble() : std::string{"it is stopped"};
}

std::uint64_t cluster::free_bytes() const {
    return keeper_ ? keeper_->free_bytes() : 0;
}

std::uint64_t cluster::restarts() const {
    return keeper_ ? keeper_->restarts() : 0;
}

void cluster::when_lost(std::function<void(std::string)> tell) {
    if (keeper_) keeper_->when_lost(std::move(tell));
}

pid_t cluster::pid() const {
    return keeper_ ? keeper_->pid() : -1;
}

void cluster::stop() {
    if (keeper_) keeper_->stop();
    if (lock_ < 0) return;
    std::error_code in_use;
    fs::remove(socket_folder_, in_use); // it may be the one in /tmp
    ::close(lock_);
    lock_ = -1;
}

std::string cluster::url(std::string_view database) const {
    return fmt::format("postgresql:///{}?host={}&user={}", percent_encoded(database),
                       percent_encoded(socket_folder_.string()), superuser);
}

} // namespace switchboard::store
