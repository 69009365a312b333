#include "app/demo_command.hpp"

#include "app/database_place.hpp"

#include <switchboard/store/demo.hpp>
#include <switchboard/store/migrate.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/json.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <toml++/toml.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace switchboard::app {

namespace {

/// It stands beside the migrations, in the checkout as in the image.
std::filesystem::path demo_folder() {
    return store::find_migrations().parent_path() / "config" / "demo";
}

std::string read_bytes(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream bytes;
    if (!in || !(bytes << in.rdbuf())) throw std::runtime_error{"cannot read " + file.string()};
    return std::move(bytes).str();
}

std::string toml_as_json(const std::filesystem::path& file) {
    try {
        std::ostringstream text;
        text << toml::json_formatter{toml::parse_file(file.string())};
        return std::move(text).str();
    } catch (const toml::parse_error& e) {
        throw std::runtime_error{fmt::format("{}:{}: {}", file.string(), e.source().begin.line, e.description())};
    }
}

} // namespace

bool load_demo(const std::string& database_url) {
    const auto folder = demo_folder();
    auto center = toml_as_json(folder / "center.toml");
    const auto password = own_json(center).at("password").get<std::string>();
    return store::load_demo(database_url, {.center = std::move(center),
                                           .history = toml_as_json(folder / "history.toml"),
                                           .fax = read_bytes(folder / "fax.tiff"),
                                           .password_hash = hash_password(password)});
}

std::string demo_logins(const std::string& database_url) {
    if (!store::demo_present(database_url)) return {};
    const auto center = own_json(toml_as_json(demo_folder() / "center.toml"));
    std::map<std::string, std::string> logins; // by role
    for (const auto& u : center.at("user")) {
        auto& list = logins[u.value("role", "agent")];
        list += (list.empty() ? "" : ", ") + u.at("login").get<std::string>();
    }
    return fmt::format("The demo contact center. Everybody's password is {}\n"
                       "  agents:     {}\n  supervisor: {}\n  admin:      {}\n"
                       "  token for its gateways (intake only): {}\n",
                       center.at("password").get<std::string>(), logins["agent"], logins["supervisor"], logins["admin"],
                       center.at("token").get<std::string>());
}

int demo_command(const config& c) {
    const database_place place{c, true};
    store::migrate(place.url(), store::find_migrations());
    if (!load_demo(place.url())) {
        fmt::print(stderr,
                   "switchboard demo: there are users already. The demo goes into an empty installation only.\n");
        return 1;
    }
    fmt::print("{}", demo_logins(place.url()));
    return 0;
}

} // namespace switchboard::app
