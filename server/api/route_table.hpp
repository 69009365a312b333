#pragma once

#include "api/route.hpp"
#include "api/wire/answers.hpp"
#include "api/wire/decode.hpp"
#include "api/wire/decode_query.hpp"
#include "api/wire/encode.hpp"

#include <switchboard/util/form.hpp>

#include <tuple>
#include <utility>

namespace switchboard::api {

/// The JSON body of a request, decoded and checked.
template <class T>
struct body {
    T value{};
    T* operator->() { return &value; }
    T& operator*() { return value; }
};

/// What is wanted of a new noun, or of one that there is: judged by the noun's own declaration.
template <class T, form Form>
struct noun_form {
    patch<T> value{};
    patch<T>* operator->() { return &value; }
    patch<T>& operator*() { return value; }
};
template <class T>
using create_form = noun_form<T, form::create>;
template <class T>
using patch_form = noun_form<T, form::patch>;

/// The parameters behind the question mark, decoded and checked.
template <class T>
struct query {
    T value{};
    T* operator->() { return &value; }
    T& operator*() { return value; }
};

/// The JSON of a request's body; the problem is 400, 415 or none. An empty body reads as {}.
result<json_document> parse_body(const http::request& r);

/// The same as plain values.
result<datum> parse_form(const http::request& r);

/// What was refused, as an answer.
problem to_problem(const refusal& r);

/// For the work behind a POST: keeps what it answers, as `write` puts it on the wire, in the transaction that does it.
template <class T>
store::keep<T> keep(const call& c, int status, std::function<std::string(const T&)> write = to_wire<T>) {
    if (!c.key) return {};
    return {c.key, status, std::move(write)};
}

/// 422 with everything that was found; nothing if all is well.
std::optional<problem> invalid(decoder& d);

/// The version of what If-Match or the ETag speak of.
std::string entity_tag(std::int64_t version);

namespace detail {

template <class T>
std::optional<problem> read(const http::request& r, body<T>& to) {
    auto document = parse_body(r);
    if (!document) return std::move(document.error());
    decoder d;
    decode(d, document->root(), to.value);
    return invalid(d);
}

template <class T, form Form>
std::optional<problem> read(const http::request& r, noun_form<T, Form>& to) {
    auto sent = parse_form(r);
    if (!sent) return std::move(sent.error());
    auto asked = read_form<T>(std::move(*sent), Form);
    if (!asked) return to_problem(asked.error());
    to.value = std::move(*asked);
    return std::nullopt;
}

/// A tag that is not ours never matches.
std::optional<problem> read(const http::request& r, if_match& to);

template <class T>
std::optional<problem> read(const http::request& r, query<T>& to) {
    decoder d;
    decode_query(d, r.query, to.value);
    return invalid(d);
}

template <class T>
http::response finish(T value) {
    http::response out{.body = to_wire(value)};
    if constexpr (requires { value.version; }) out.headers.emplace_back("ETag", entity_tag(value.version));
    return out;
}
template <class T>
http::response finish(created<T> made) {
    auto out = finish(std::move(made.value));
    out.status = 201;
    return out;
}
template <class T>
http::response finish(with_headers<T> made) {
    auto out = finish(std::move(made.value));
    for (auto& h : made.headers) out.headers.push_back(std::move(h));
    return out;
}
inline http::response finish(nothing) {
    return {.status = 204};
}
inline http::response finish(http::response ready) {
    return ready;
}

/// What an answer type says of itself in the published description.
template <class T>
struct described_answer {
    static void put(route& r) {
        r.answer_schema = [](json_writer& w, schemas& all) { write_schema<T>(w, all, direction::answer); };
        r.tells_version = requires(T out) { out.version; };
    }
};
template <class T>
struct described_answer<created<T>> {
    static void put(route& r) {
        described_answer<T>::put(r);
        r.success = 201;
    }
};
template <class T>
struct described_answer<with_headers<T>> : described_answer<T> {};
template <>
struct described_answer<nothing> {
    static void put(route& r) { r.success = 204; }
};
template <>
struct described_answer<http::response> {
    static void put(route&) {}
};

template <class T>
struct described_input;
template <class T>
struct described_input<body<T>> {
    static void put(route& r) {
        r.request_schema = [](json_writer& w, schemas& all) { write_schema<T>(w, all, direction::request); };
        r.names_version = requires(T in) { in.draft_version; };
    }
};
template <>
struct described_input<if_match> {
    static void put(route& r) { r.takes_if_match = true; }
};
template <class T, form Form>
struct described_input<noun_form<T, Form>> {
    static void put(route& r) {
        r.request_schema = [](json_writer& w, schemas& all) { write_form_schema(w, all, published<T>(), Form); };
    }
};
template <class T>
struct described_input<query<T>> {
    static void put(route& r) {
        r.query_parameters = [](json_writer& w, schemas& all) {
            each_field<T>([&](auto d) {
                using D = decltype(d);
                using type = typename std::remove_cvref_t<decltype(std::declval<T>().*D::pointer)>::value_type;
                w.begin_object();
                w.key("name");
                w.string(field_name<D>());
                w.key("in");
                w.string("query");
                w.key("description");
                w.string(help_of<D>());
                w.key("schema");
                write_schema<type>(w, all, direction::request);
                w.end_object();
            });
        };
    }
};

template <class F>
struct shape_of : shape_of<decltype(&F::operator())> {};
template <class F, class T, class... Inputs>
struct shape_of<boost::asio::awaitable<std::expected<T, problem>> (F::*)(call, Inputs...) const> {
    using answer_type = T;
    using inputs = std::tuple<Inputs...>;
    static void describe(route& r) {
        described_answer<T>::put(r);
        (described_input<Inputs>::put(r), ...);
    }
};

/// What a WebSocket's route answers to everybody else.
inline constexpr auto want_websocket = [](call c) -> answer<http::response> {
    auto out = to_response({.status = 426, .detail = "this is a WebSocket"}, c.request);
    out.headers.emplace_back("Upgrade", "websocket");
    co_return out;
};

} // namespace detail

/// The one table of routes. A handler is a lambda (call, inputs…) -> answer<T>, where inputs are body<T> and query<T>;
/// what it works with comes with the call, so that the table can be described where there is nothing to work with.
/// It lives as long as the table, so that it may be a coroutine with captures.
class route_table {
public:
    template <class F>
    route& get(std::string path, access may_use, std::string summary, F handler) {
        return add("GET", std::move(path), may_use, std::move(summary), std::move(handler));
    }
    template <class F>
    route& post(std::string path, access may_use, std::string summary, F handler) {
        return add("POST", std::move(path), may_use, std::move(summary), std::move(handler));
    }
    template <class F>
    route& put(std::string path, access may_use, std::string summary, F handler) {
        return add("PUT", std::move(path), may_use, std::move(summary), std::move(handler));
    }
    template <class F>
    route& patch(std::string path, access may_use, std::string summary, F handler) {
        return add("PATCH", std::move(path), may_use, std::move(summary), std::move(handler));
    }
    template <class F>
    route& remove(std::string path, access may_use, std::string summary, F handler) {
        return add("DELETE", std::move(path), may_use, std::move(summary), std::move(handler));
    }

    /// Where a WebSocket begins. The handler is a lambda (call) -> answer<opened>; once it has said yes, what it
    /// returns is called with the open socket. A request that wants no WebSocket is answered 426.
    template <class F>
    route& websocket(std::string path, access may_use, std::string summary, F handler) {
        auto& r = get(std::move(path), may_use, std::move(summary), detail::want_websocket);
        r.open = [handler = std::move(handler)](call c) -> boost::asio::awaitable<http::upgrade> {
            auto done = co_await handler(c);
            if (!done) co_return http::upgrade{to_response(done.error(), c.request), {}};
            co_return http::upgrade{{}, std::move(*done)};
        };
        return r;
    }

    template <class F>
    route& add(std::string method, std::string path, access may_use, std::string summary, F handler) {
        using shape = detail::shape_of<F>;
        route r;
        r.method = std::move(method);
        r.segments = split_path(path);
        r.path = std::move(path);
        r.may_use = may_use;
        r.summary = std::move(summary);
        shape::describe(r);
        r.act = [handler = std::move(handler)](call c) -> boost::asio::awaitable<http::response> {
            typename shape::inputs inputs;
            std::optional<problem> wrong;
            std::apply([&](auto&... input) { ((wrong || (wrong = detail::read(c.request, input))), ...); }, inputs);
            if (wrong) co_return to_response(*wrong, c.request);
            auto done = co_await std::apply([&](auto&... input) { return handler(c, std::move(input)...); }, inputs);
            co_return done ? detail::finish(std::move(*done)) : to_response(done.error(), c.request);
        };
        return all_.emplace_back(std::move(r));
    }

    const std::vector<route>& all() const { return all_; }

    struct found {
        const route* match = nullptr;
        std::vector<std::string> values;
        std::string allowed; // methods that this path has, when it has not the one asked for
    };
    found find(std::string_view method, const std::vector<std::string>& segments) const;

private:
    std::vector<route> all_;
};

template <class T>
result<T> settle(std::expected<T, refusal> done) {
    if (done) return std::move(*done);
    return std::unexpected{to_problem(done.error())};
}
template <class T>
result<created<T>> settle_created(std::expected<T, refusal> done) {
    if (done) return created<T>{std::move(*done)};
    return std::unexpected{to_problem(done.error())};
}
template <class T>
result<nothing> settle_nothing(const std::expected<T, refusal>& done) {
    if (done) return nothing{};
    return std::unexpected{to_problem(done.error())};
}
/// The same of a change with If-Match: who came too late is shown what there is now, as `current` reads it.
template <class T, class F>
answer<T> settle_change(std::expected<T, refusal> done, F current) {
    auto out = settle(std::move(done));
    if (!out && out.error().status == 412)
        if (const auto now = co_await current()) out.error().current = to_wire(*now);
    co_return out;
}
template <class T>
result<T> found_or_404(std::optional<T> found) {
    if (found) return std::move(*found);
    return std::unexpected{problem{.status = 404, .detail = "there is no such thing here"}};
}

/// `?limit=&after=` of a list by id. An `after` that is no place of ours is 422.
template <class Q>
result<page_request> part_of(const Q& q) {
    page_request part;
    if (q.limit) part.limit = q.limit->value;
    if (q.after) {
        decoder d;
        const auto here = d.enter("after");
        d.parse_integer(q.after->value, 0, INT64_MAX, part.after);
        if (auto wrong = invalid(d)) return std::unexpected{std::move(*wrong)};
    }
    return part;
}

} // namespace switchboard::api
