#pragma once

#include "api/wire/json_writer.hpp"
#include "api/wire/schema.hpp"

#include <switchboard/api/problem.hpp>
#include <switchboard/model/actor.hpp>
#include <switchboard/model/principal.hpp>
#include <switchboard/store/keep.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/util/websocket.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::api {

struct services;

/// Whose a route is. `intake` and `person_or_intake` need that scope of a machine, `known` read or admin; `permitted`
/// is whoever has the route's permission: people by their roles, machines by their scope.
enum class who { anyone, intake, person, person_or_intake, known, permitted };

/// Who may use a route, and what people must be permitted.
struct access {
    who from = who::permitted;
    std::optional<permission> needs{};

    access() = default;
    access(who whose) : from{whose} {}
    access(permission p) : needs{p} {}
    access(who whose, permission p) : from{whose}, needs{p} {}
};

/// One request on its way through its route. What it refers to outlives the handler's work.
struct call {
    http::request& request; // whose body the handler may take
    const principal& asker;
    const services& with;
    std::vector<std::string> values;                 // of the path's {…}, in order
    std::shared_ptr<const store::request_key> key{}; // null = the work need not be kept for a repeat

    std::int64_t id(std::size_t i = 0) const; // such a value that is an id
    actor by() const;                         // whose deed it is
};

/// A handler's input: the version that If-Match names; empty = any.
struct if_match {
    std::optional<std::int64_t> version;
};

/// What a handler comes to: its answer or a problem.
template <class T>
using result = std::expected<T, problem>;
template <class T>
using answer = boost::asio::awaitable<result<T>>;

/// A WebSocket that may begin: called with it once it is open.
using opened = std::function<void(std::shared_ptr<http::websocket>)>;

/// 201 with this.
template <class T>
struct created {
    T value;
};
/// 204.
struct nothing {};
/// 200 with this and headers of its own.
template <class T>
struct with_headers {
    T value;
    http::pairs headers;
};

/// One line of the table of routes: from it come dispatch, permission, limits and the published description.
struct route {
    std::string method;
    std::string path; // "/api/v1/queues/{id}"; {id} and {n} are numbers, other names are any text
    std::vector<std::string> segments;
    access may_use;
    std::string summary;
    std::function<boost::asio::awaitable<http::response>(call)> act;
    std::function<boost::asio::awaitable<http::upgrade>(call)> open; // of a WebSocket; empty = is none

    std::size_t body_bytes = 1u << 20;
    bool repeats_harmless = false;    // needs no Idempotency-Key: the work itself recognises a repeat
    bool secret_answer = false;       // its answer is never kept for a repeat
    bool before_new_password = false; // works while somebody must change the password first

    // What is known of its refusals beside these (openapi.cpp says which follow).
    bool takes_if_match = false; // a handler's input says so
    bool names_version = false;  // the body names the version of what it replaces
    bool rationed = false;       // too often is too often
    bool checks_proof = false;   // is for anyone, and asks for a password or a signature of its own
    bool asks_elsewhere = false; // another server's failure is told as 502

    int success = 200;
    bool tells_version = false;                                   // as ETag
    int success_again = 0;                                        // what a repeat is told; 0 = the same
    std::function<void(json_writer&, schemas&)> query_parameters; // empty = none
    std::function<void(json_writer&, schemas&)> request_schema;   // empty = no body, or not JSON
    std::function<void(json_writer&, schemas&)> answer_schema;    // empty = no body, or not JSON
    std::string answer_type = "application/json";

    route& limit(std::size_t bytes) { return body_bytes = bytes, *this; }
    route& harmless() { return repeats_harmless = true, *this; }
    route& secret() { return secret_answer = true, *this; }
    route& works_before_new_password() { return before_new_password = true, *this; }
    route& rations() { return rationed = true, *this; }
    route& proves() { return checks_proof = true, *this; }
    route& depends_on_others() { return asks_elsewhere = true, *this; }
    route& answers(std::string media_type) { return answer_type = std::move(media_type), *this; }
    /// What a handler's ready response holds, for the description.
    template <class T>
    route& documents() {
        answer_schema = [](json_writer& w, schemas& all) { write_schema<T>(w, all, direction::answer); };
        return *this;
    }
    /// What a handler reads from the body itself, for the description.
    template <class T>
    route& takes() {
        request_schema = [](json_writer& w, schemas& all) { write_schema<T>(w, all, direction::request); };
        return *this;
    }
    route& answers_with(int status, int again = 0) { return success = status, success_again = again, *this; }

    bool needs_sign_in() const { return may_use.from != who::anyone; }
    bool changes() const { return method != "GET"; }
    bool takes_body() const { return method == "POST" || method == "PUT" || method == "PATCH"; }
    bool recognises_repeats() const { return method == "POST" && !repeats_harmless && needs_sign_in(); }
};

std::vector<std::string> split_path(std::string_view path);

} // namespace switchboard::api
