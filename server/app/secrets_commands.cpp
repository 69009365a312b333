#include "app/secrets_commands.hpp"

#include "app/exit_code.hpp"
#include "app/options.hpp"
#include "app/secret_key_file.hpp"
#include "app/with_database.hpp"

#include <switchboard/store/secrets.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

namespace switchboard::app {
namespace {

using counts = std::map<std::string, std::int64_t>;
constexpr std::int64_t at_once = 100; // secrets in one transaction

boost::asio::awaitable<counts> count(store::database& db, const secret_box& box) {
    store::secrets secrets{db, box};
    co_return co_await secrets.by_key();
}

void print_keys(const secret_box& box, const counts& sealed) {
    for (const auto& id : box.key_ids()) {
        const auto found = sealed.find(id);
        fmt::print("{}\t{}\t{}\n", id, found == sealed.end() ? 0 : found->second,
                   id == box.key_ids().front() ? "seals" : "opens");
    }
    for (const auto& [id, n] : sealed)
        if (!box.knows(id)) fmt::print("{}\t{}\tis not here\n", id, n);
}

boost::asio::awaitable<int> rotate(store::database& db, const secret_box& box) {
    store::secrets secrets{db, box};
    std::int64_t done = 0, left_alone = 0;
    for (store::secret_rotation step; !step.done;) {
        auto from = std::move(step.next);
        step = co_await secrets.rotate(std::move(from), at_once);
        done += step.sealed;
        left_alone += std::ssize(step.unreadable);
        for (const auto& why : step.unreadable) refused(why);
        if (step.sealed > 0) fmt::print("{} sealed anew\n", done);
        std::fflush(stdout);
    }
    const auto sealed = co_await secrets.by_key();
    for (const auto& id : box.key_ids())
        if (id != box.key_ids().front() && !sealed.contains(id))
            fmt::print("key {} seals nothing any more: once every node has the newest key, take it away\n", id);
    if (done == 0 && left_alone == 0) fmt::print("nothing to do\n");
    co_return left_alone == 0 ? 0 : 1;
}

/// Where a PostgreSQL that runs already is; empty = nowhere.
std::string running_database(const config& c) {
    if (!c.database_url.empty()) return c.database_url;
    std::string url;
    std::ifstream in{std::filesystem::path{c.database_folder} / "url"};
    std::getline(in, url);
    return url;
}

} // namespace

int secrets_status_command(const config& c) {
    const auto box = secret_box_of(with_known_secret_key(c));
    const auto sealed = with_database(c, [&](store::database& db) { return count(db, box); });
    print_keys(box, sealed);
    const auto problem = store::key_problem(box, sealed);
    return problem.empty() ? 0 : refused(problem);
}

int secrets_new_key_command(const config& c) {
    const auto key = secret_box::new_key();
    const auto file = secret_key_file(c);
    if (!file) {
        fmt::print("{}\n", key.reveal());
        return 0;
    }
    add_key(*file, key);
    fmt::print("The newest key is in {}. Start the server again, then `switchboard secrets rotate`.\n", file->string());
    return 0;
}

int secrets_rotate_command(const config& c) {
    const auto box = secret_box_of(with_known_secret_key(c));
    if (!box.has_key()) return refused("there is no key: set SWITCHBOARD_SECRET_KEY, newest first");
    return with_database(c, [&](store::database& db) { return rotate(db, box); });
}

int secrets_forget_command(const config& c, const std::string& key) {
    const auto box = secret_box_of(with_known_secret_key(c));
    if (box.knows(key)) return refused(fmt::format("key {} is here: what it sealed can be read", key));
    const auto gone = with_database(c, [&](store::database& db) -> boost::asio::awaitable<std::vector<std::string>> {
        store::secrets secrets{db, box};
        co_return co_await secrets.forget(key);
    });
    for (const auto& one : gone) fmt::print("{}\n", one);
    if (gone.empty()) return refused(fmt::format("no secret is sealed with key {}", key));
    fmt::print("These must be set again. Start the server again.\n");
    return 0;
}

bool check_secret_key(const config& c) {
    secret_box box;
    try {
        box = secret_box_of(with_known_secret_key(c));
    } catch (const std::exception& e) {
        refused(e.what());
        return false;
    }
    if (const auto file = secret_key_file(c))
        fmt::print("# secret.key: {} {}\n", file->string(), box.has_key() ? "has it" : "is made at the first start");
    else if (!box.has_key())
        fmt::print("# secret.key: none, so no secret of a gateway can be kept\n");
    if (box.has_key()) fmt::print("# keys, newest first: {}\n", fmt::join(box.key_ids(), ", "));
    const auto url = running_database(c);
    if (url.empty()) return true;
    try {
        store::database_options options;
        options.connections = 1;
        store::database db{url, options};
        boost::asio::io_context io{1};
        auto sealed = boost::asio::co_spawn(io, count(db, box), boost::asio::use_future);
        io.run();
        const auto problem = store::key_problem(box, sealed.get());
        if (!problem.empty()) refused(problem);
        return problem.empty();
    } catch (const std::exception&) {
        fmt::print("# The database could not be asked which key its secrets need.\n");
        return true;
    }
}

} // namespace switchboard::app
