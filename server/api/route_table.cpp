#include "api/route_table.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace switchboard::api {
namespace {

bool is_parameter(std::string_view segment) {
    return segment.starts_with('{');
}
bool is_number_parameter(std::string_view segment) {
    return segment == "{id}" || segment == "{n}";
}

std::optional<std::int64_t> number(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1) return std::nullopt;
    return value;
}

/// "/pages/{n}.png" matches "/pages/3.png".
bool matches(std::string_view pattern, std::string_view segment, std::vector<std::string>& values) {
    if (!is_parameter(pattern)) return pattern == segment;
    const auto close = pattern.find('}');
    const auto ending = pattern.substr(close + 1);
    if (!segment.ends_with(ending) || segment.size() == ending.size()) return false;
    segment.remove_suffix(ending.size());
    if (is_number_parameter(pattern.substr(0, close + 1)) && !number(segment)) return false;
    values.emplace_back(segment);
    return true;
}

bool is_json(std::string_view content_type) {
    const auto type = lower_ascii(trim(content_type.substr(0, content_type.find(';'))));
    return type == "application/json";
}

} // namespace

std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> out;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto end = std::min(path.find('/'), path.size());
        out.emplace_back(path.substr(0, end));
        path.remove_prefix(end);
    }
    return out;
}

std::int64_t call::id(std::size_t i) const {
    return number(values.at(i)).value();
}

actor call::by() const {
    actor out{asker.user_id};
    if (asker.user_id) out.session_id = asker.session_id;
    out.token_id = asker.token_id;
    out.address = request.remote;
    return out;
}

std::optional<problem> detail::read(const http::request& r, if_match& to) {
    if (std::ranges::find(r.headers, "if-match", &http::pairs::value_type::first) == r.headers.end())
        return std::nullopt;
    auto tag = trim(r.header("if-match"));
    if (tag == "*") return std::nullopt;
    if (tag.starts_with("W/"))
        tag.remove_prefix(2); // proxies that compress make tags weak: it is our version all the same
    const bool quoted = tag.size() > 2 && tag.front() == '"' && tag.back() == '"';
    if (quoted) tag = tag.substr(1, tag.size() - 2);
    if (tag.empty() || tag.find_first_of("\", \t") != std::string_view::npos)
        return problem{.status = 400, .detail = R"(If-Match takes one version, like "3", or *)"};
    to.version = number(tag).value_or(0); // no version is 0
    return std::nullopt;
}

std::string entity_tag(std::int64_t version) {
    return fmt::format("\"{}\"", version);
}

namespace {

/// The JSON of a body that may be empty, and what reading it comes to.
template <class Read>
auto read_json(const http::request& r, Read read) -> result<typename decltype(read(r.body))::value_type> {
    if (!r.body.empty() && !is_json(r.header("content-type")))
        return std::unexpected{problem{.status = 415, .detail = "this takes application/json"}};
    auto document = read(r.body.empty() ? std::string_view{"{}"} : std::string_view{r.body});
    if (document) return std::move(*document);
    return std::unexpected{problem{.status = 400, .detail = "the body is " + document.error()}};
}

} // namespace

result<json_document> parse_body(const http::request& r) {
    return read_json(r, json_document::parse);
}

result<datum> parse_form(const http::request& r) {
    return read_json(r, [](std::string_view text) { return from_outside_json(text); });
}

problem to_problem(const refusal& r) {
    using enum refusal::kind;
    problem p{.detail = r.detail, .errors = r.errors};
    // What is said of a field is a sentence only together with it.
    if (!r.errors.empty() && !r.errors.front().field.empty() && r.errors.front().message == r.detail)
        p.detail = r.errors.front().field + " " + r.detail;
    switch (r.why) {
    case not_found:
        p.status = 404;
        break;
    case forbidden:
        p.status = 403;
        break;
    case conflict:
        p.status = 409;
        break;
    case stale:
        p.status = 412;
        break;
    case invalid:
        p.status = 422;
        break;
    }
    return p;
}

std::optional<problem> invalid(decoder& d) {
    if (d.errors.empty()) return std::nullopt;
    problem p{.status = 422};
    p.errors = std::move(d.errors);
    const auto& first = p.errors.front();
    p.detail = (first.field.empty() ? "the body" : first.field) + " " + first.message;
    return p;
}

route_table::found route_table::find(std::string_view method, const std::vector<std::string>& segments) const {
    if (method == "HEAD") method = "GET";
    found out;
    for (const auto& r : all_) {
        if (r.segments.size() != segments.size()) continue;
        std::vector<std::string> values;
        bool same = true;
        for (std::size_t i = 0; same && i < segments.size(); ++i) same = matches(r.segments[i], segments[i], values);
        if (!same) continue;
        if (r.method == method) return {&r, std::move(values), {}};
        out.allowed += (out.allowed.empty() ? "" : ", ") + r.method;
    }
    return out;
}

} // namespace switchboard::api
