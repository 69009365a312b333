#include "app/server_subcommands.hpp"

#include "app/admin_commands.hpp"
#include "app/demo_command.hpp"
#include "app/secrets_commands.hpp"
#include "app/serve_command.hpp"

#include <switchboard/api/router.hpp>

#include <fmt/format.h>

#include <memory>

namespace switchboard::app {
namespace {

using command = std::function<int()>;
constexpr int wrong_configuration = 78; // EX_CONFIG

/// A subcommand that works with the configuration.
CLI::App* add(CLI::App& to, command& run, const std::string& name, const std::string& about,
              std::function<int(const config&)> act) {
    auto file = std::make_shared<std::string>();
    auto* sub = to.add_subcommand(name, about);
    sub->add_option("--config", *file, "The configuration file (TOML)")
        ->envname("SWITCHBOARD_CONFIG")
        ->check(CLI::ExistingFile);
    sub->callback([file, act = std::move(act), &run] { run = [file, act] { return with_config(*file, act); }; });
    return sub;
}

void add_token(CLI::App& cli, command& run) {
    auto* group = cli.add_subcommand("token", "Machines' keys");
    group->require_subcommand(1);
    auto wanted = std::make_shared<new_token>();
    auto* create = add(*group, run, "create", "Make a token and print it, this once",
                       [wanted](const config& c) { return token_create_command(c, *wanted); });
    create->add_option("name", wanted->name, "What it is for")->required();
    create->add_option("--scope", wanted->scopes, "intake, read or admin; may be repeated")
        ->check(CLI::IsMember({"intake", "read", "admin"}))
        ->capture_default_str();
    create->add_option("--gateway", wanted->gateways, "Bound to this gateway; may be repeated");
    create->add_option("--days", wanted->days, "Expires after so many days; without it never")
        ->check(CLI::Range(1, 36'500));
    add(*group, run, "list", "List the tokens, without their secrets", token_list_command);
    auto id = std::make_shared<std::int64_t>(0);
    add(*group, run, "revoke", "Revoke a token", [id](const config& c) { return token_revoke_command(c, *id); })
        ->add_option("id", *id, "Its number in the list")
        ->required();
}

/// Never the password itself: what stands on a command line, everybody on the machine can read.
void add_password(CLI::App& sub, std::string& file) {
    sub.add_option("--password-file", file,
                   "Where the password stands, in one line of at least 12 characters; - reads standard input, and asks "
                   "without echo if that is a terminal. Whoever gets it changes it when signing in");
}

void add_user(CLI::App& cli, command& run) {
    auto* group = cli.add_subcommand("user", "The people who work here");
    group->require_subcommand(1);
    auto wanted = std::make_shared<new_user>();
    auto* sub = add(*group, run, "add", "Add somebody; without --password-file a password is made and printed",
                    [wanted](const config& c) { return user_add_command(c, *wanted); });
    sub->add_option("login", wanted->login, "The name to sign in with")->required();
    sub->add_option("--name", wanted->name, "The person's name");
    sub->add_option("--email", wanted->email, "The person's address");
    sub->add_option("--role", wanted->role, "The name of a role, like agent, supervisor or admin")
        ->capture_default_str();
    add_password(*sub, wanted->password_file);

    auto login = std::make_shared<std::string>(), file = std::make_shared<std::string>();
    auto* passwd = add(*group, run, "passwd", "Set a new password; without --password-file one is made and printed",
                       [login, file](const config& c) { return user_password_command(c, *login, *file); });
    passwd->add_option("login", *login, "The name to sign in with")->required();
    add_password(*passwd, *file);
}

void add_secrets(CLI::App& cli, command& run) {
    auto* group = cli.add_subcommand("secrets", "The keys that seal gateways' secrets (docs/secrets.md)");
    group->require_subcommand(1);
    add(*group, run, "status", "Say which keys there are, and how many secrets each has sealed",
        secrets_status_command);
    add(*group, run, "new-key", "Make a key: put before those in the file of the private PostgreSQL, or printed",
        secrets_new_key_command);
    add(*group, run, "rotate", "Seal all secrets anew with the newest key; may be broken off and repeated",
        secrets_rotate_command);
    auto key = std::make_shared<std::string>();
    add(*group, run, "forget", "Give up all secrets of a key that was lost",
        [key](const config& c) { return secrets_forget_command(c, *key); })
        ->add_option("key", *key, "The name of the key, as `status` shows it")
        ->required();
}

} // namespace

int with_config(const std::string& file, const std::function<int(const config&)>& act) {
    const auto loaded = load_config(file.empty() ? std::nullopt : std::optional<std::filesystem::path>{file});
    if (loaded) return act(*loaded);
    for (const auto& error : loaded.error()) fmt::print(stderr, "switchboard: {}\n", error);
    return wrong_configuration;
}

void add_server_subcommands(CLI::App& cli, command& run) {
    auto with_demo = std::make_shared<bool>(false);
    add(cli, run, "serve", "Serve until a signal", [with_demo](const config& c) {
        return serve_command(c, *with_demo);
    })->add_flag("--demo", *with_demo, "Load the demo contact center if nobody can sign in yet");
    add(cli, run, "demo", "Load the demo contact center into an empty installation", demo_command);
    add(cli, run, "migrate", "Bring the database to where this program needs it", migrate_command);
    add(cli, run, "check-config", "Print the configuration that would be used", [](const config& c) {
        fmt::print("{}", to_toml(c));
        return check_secret_key(c) ? 0 : wrong_configuration;
    });
    add_secrets(cli, run);
    add_token(cli, run);
    add_user(cli, run);
    cli.add_subcommand("openapi", "Print the description of the REST interface (OpenAPI 3.1)")->callback([&run] {
        run = [] {
            fmt::print("{}\n", api::openapi_document());
            return 0;
        };
    });
}

} // namespace switchboard::app
