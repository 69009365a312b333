#include "support/running_server.hpp"
#include "support/secret_key.hpp"

#include "app/application.hpp"
#include "store/run.hpp"

#include <switchboard/store/users.hpp>
#include <switchboard/util/hash.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace switchboard::test {

namespace asio = boost::asio;

namespace {

headers with(headers own, const headers& more) {
    own.insert(own.end(), more.begin(), more.end());
    return own;
}

config config_of(const std::function<void(config&)>& adjust) {
    config c;
    c.server_port = 0;
    c.server_ops_address = "127.0.0.1:0";
    c.server_console = "no console";
    c.database_connections = 4;
    c.secret_key = secret_key;
    if (adjust) adjust(c);
    return c;
}

asio::awaitable<void> add_people(store::database& db) {
    store::users users{db};
    const auto hash = hash_password(running_server::password);
    using enum shipped_role;
    for (const auto& [login, role] : {std::pair{"admin", admin}, {"supervisor", supervisor}, {"agent", agent}}) {
        patch<user> form;
        form.values.login = login;
        form.values.name = "The " + form.values.login;
        form.values.roles.emplace_back(static_cast<std::int64_t>(role));
        const auto made = co_await users.create(std::move(form), store::given_password{hash, false}, {});
        if (!made) throw std::runtime_error{made.error().detail};
    }
}

} // namespace

struct running_server::parts {
    explicit parts(const config& c) : parts{c, std::make_unique<fresh_database>()} {
        run(add_people(application.database()));
    }
    parts(const config& c, std::unique_ptr<fresh_database> fresh) : parts{c, fresh->url()} {
        database = std::move(fresh);
    }
    parts(const config& c, const std::string& url_) : url{url_}, application{io, c, url} {
        thread = std::thread{[this] { io.run(); }};
        run(application.start());
        port = application.port();
    }

    ~parts() {
        stop();
        idle.reset();
        thread.join();
    }

    void stop() {
        if (!std::exchange(stopped, true)) run(application.stop());
    }
    /// Who was made with a password has it changed already, to the same.
    void has_own_password(const std::string& login) const {
        const auto c = store::connect(url);
        pqxx::work tx{*c};
        tx.exec_params("UPDATE users SET must_change_password = false WHERE login = $1", login);
        tx.commit();
    }
    void run(asio::awaitable<void> work) { asio::co_spawn(io, std::move(work), asio::use_future).get(); }

    std::unique_ptr<fresh_database> database; // empty: another node's
    std::string url;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> idle{io.get_executor()};
    app::application application;
    std::thread thread;
    std::uint16_t port = 0;
    bool stopped = false;
};

http_answer client::send(const std::string& method, const std::string& target, const std::string& body,
                         const headers& more) const {
    return send_request(port_, method, target, body, with(identity, more));
}

http_answer client::post(const std::string& target, const nlohmann::json& body, headers more) const {
    more.emplace_back("Content-Type", "application/json");
    return send("POST", target, body.dump(), more);
}

http_answer client::put(const std::string& target, const nlohmann::json& body, headers more) const {
    more.emplace_back("Content-Type", "application/json");
    return send("PUT", target, body.dump(), more);
}

http_answer client::patch(const std::string& target, const nlohmann::json& body, headers more) const {
    more.emplace_back("Content-Type", "application/json");
    return send("PATCH", target, body.dump(), more);
}

running_server::running_server(const std::function<void(config&)>& adjust)
    : parts_{std::make_unique<parts>(config_of(adjust))} {}
running_server::running_server(const std::function<void(config&)>& adjust, const running_server& first)
    : parts_{std::make_unique<parts>(config_of(adjust), first.database_url())} {}
running_server::~running_server() = default;

std::uint16_t running_server::port() const {
    return parts_->port;
}
client running_server::operators() const {
    return client{parts_->application.ops_port()};
}
std::uint16_t running_server::lmtp_port() const {
    return parts_->application.lmtp_port();
}
const std::string& running_server::database_url() const {
    return parts_->url;
}

void running_server::stop() {
    parts_->stop();
}

std::promise<void> running_server::pause() {
    std::promise<void> resume, paused;
    asio::post(parts_->io, [&paused, resumed = resume.get_future().share()] {
        paused.set_value();
        resumed.wait();
    });
    paused.get_future().wait();
    return resume;
}

client running_server::person(const std::string& login) const {
    auto who = stranger();
    const auto answer = who.post("/api/v1/session", {{"login", login}, {"password", password}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    if (answer.status == 200 && answer.json()["user"]["must_change_password"] == true) parts_->has_own_password(login);
    const auto cookie = answer.header("set-cookie");
    who.identity = {{"Cookie", cookie.substr(0, cookie.find(';'))}, {"X-CSRF-Token", answer.json()["csrf_token"]}};
    return who;
}

client running_server::machine(const nlohmann::json& token) const {
    const auto answer = person("admin").post("/api/v1/tokens", token);
    EXPECT_EQ(answer.status, 201) << answer.body;
    auto who = stranger();
    who.identity = {{"Authorization", "Bearer " + answer.json()["token"].get<std::string>()}};
    return who;
}

} // namespace switchboard::test
