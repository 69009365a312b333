#include "api/all_routes.hpp"
#include "api/example.hpp"
#include "api/wire/event.hpp"

#include <switchboard/model/token.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::api {
namespace {

std::string permission_note(const access& may_use) {
    const auto people = may_use.needs ? fmt::format("Who may {}", name_of(*may_use.needs)) : "Whoever is signed in";
    switch (may_use.from) {
    case who::anyone:
        return "Anyone.";
    case who::intake:
        return "Machines with the scope intake.";
    case who::person:
        return people + ".";
    case who::person_or_intake:
        return people + "; machines with the scope intake.";
    case who::known:
        return people + "; machines with the scope read or admin.";
    case who::permitted:
        break;
    }
    return people + (grants_of(token_scope::read).may(may_use.needs.value())
                         ? "; machines with the scope read or admin."
                         : "; machines with the scope admin.");
}

/// "GET /api/v1/queues/{id}/members" -> "get_queues_id_members"
std::string operation_id(const route& r) {
    std::string id;
    for (const char c : r.method) id += static_cast<char>(c | 0x20);
    for (std::size_t i = 2; i < r.segments.size(); ++i) {
        id += '_';
        for (const char c : r.segments[i])
            if (c == '-' || c == '.')
                id += '_';
            else if (c != '{' && c != '}')
                id += c;
    }
    return id;
}

void write_path_parameters(json_writer& w, const route& r) {
    for (const auto& segment : r.segments) {
        if (!segment.starts_with('{')) continue;
        const auto name = segment.substr(1, segment.find('}') - 1);
        w.begin_object();
        w.key("name");
        w.string(name);
        w.key("in");
        w.string("path");
        w.key("required");
        w.boolean(true);
        w.key("schema");
        if (name == "id" || name == "n")
            write_integer_schema(w, 1, INT64_MAX);
        else
            write_type(w, "string");
        w.end_object();
    }
}

void write_content(json_writer& w, const std::string& media_type, const std::function<void()>& schema) {
    w.key("content");
    w.begin_object();
    w.key(media_type);
    w.begin_object();
    w.key("schema");
    schema();
    w.end_object();
    w.end_object();
}

void write_header_parameters(json_writer& w, const route& r) {
    if (r.takes_if_match)
        w.raw(R"({"name":"If-Match","in":"header","description":"The ETag of what was read: 412 if it was changed )"
              R"(since. Without it, whatever is there is changed.","schema":{"type":"string"}})");
    if (r.recognises_repeats())
        w.raw(R"({"name":"Idempotency-Key","in":"header","description":"A name for this request: a repeat with the )"
              R"(same key does nothing and gets the first answer.","schema":{"type":"string","maxLength":200}})");
}

/// Whoever asks by cookie shows with each change that it is no other page that asks.
std::string security_of(const route& r) {
    const std::string session = r.changes() ? R"({"session":[],"csrf":[]})" : R"({"session":[]})";
    const std::string token = R"({"token":[]})";
    switch (r.may_use.from) {
    case who::anyone:
        return "[]";
    case who::person:
        return "[" + session + "]";
    case who::intake:
        return "[" + token + "]";
    case who::person_or_intake:
    case who::known:
    case who::permitted:
        break;
    }
    return "[" + session + "," + token + "]";
}

/// A refusal as every route tells it: one response of the document, under its title.
struct refusal_about {
    int status;
    std::string_view help, detail; // what it means; what one says
    bool (*of)(const route&);      // whether the route can come to it
};
constexpr refusal_about refusals[] = {
    {400, "The request cannot be read: its body is no JSON, or a header or its path is malformed.",
     "the body is no JSON", [](const route&) { return true; }},
    {401, "Nobody is signed in, or the token, the password or the signature is wrong.",
     "sign in, or send a token as Authorization: Bearer",
     [](const route& r) { return r.needs_sign_in() || r.checks_proof; }},
    {403, "Whoever asks may not do this.", "this needs the permission config.people, which none of your roles has",
     [](const route& r) { return r.needs_sign_in() || r.path.contains("{gateway}"); }},
    {404, "What the path names does not exist, or is hidden from whoever asks.", "there is no such thing here",
     [](const route& r) { return r.path.contains('{'); }},
    {409, "What is there does not allow this now, or the first request with this Idempotency-Key is still at work.",
     "is taken already", [](const route& r) { return r.changes() && r.needs_sign_in(); }},
    {412, "It was changed since it was read; `current` holds what is there now.", "it was changed in the meantime",
     [](const route& r) { return r.takes_if_match || r.names_version; }},
    {413, "The body is larger than this route takes.", "the body is larger than this address takes",
     [](const route& r) { return r.takes_body(); }},
    {415, "The body is not of the media type that this route takes.", "this takes application/json",
     [](const route& r) { return r.request_schema != nullptr; }},
    {422, "Some values are not allowed; `errors` names each field.", "name must not be empty",
     [](const route& r) { return r.takes_body() || r.query_parameters; }},
    {429, "This was asked for too often; Retry-After says how many seconds to wait.",
     "too many wrong passwords: try again in 30 seconds", [](const route& r) { return r.rationed; }},
    {502, "Another server, which this depends on, failed.", "the address is not in the public internet",
     [](const route& r) { return r.asks_elsewhere; }},
    {503, "Not now: the database is away, or there is too much to do. Retry-After says how many seconds to wait.",
     "the database cannot be reached", [](const route&) { return true; }},
};

/// "Not found" -> "not_found"
std::string response_name(int status) {
    auto name = lower_ascii(status_title(status));
    std::ranges::replace(name, ' ', '_');
    return name;
}

/// JSON of this schema, with an example of it.
void write_json_content(json_writer& w, schemas& all, const std::function<void(json_writer&, schemas&)>& write) {
    json_writer schema;
    write(schema, all);
    w.key("content");
    w.begin_object();
    w.key("application/json");
    w.begin_object();
    w.key("schema");
    w.raw(schema.text());
    w.key("example");
    w.raw(example_of(schema.text(), all));
    w.end_object();
    w.end_object();
}

void write_success(json_writer& w, schemas& all, const route& r, int status) {
    w.key(std::to_string(status));
    w.begin_object();
    w.key("description");
    w.string(status == 204                                 ? "Done."
             : status == r.success && r.success_again != 0 ? "The answer, where something is new."
             : status == r.success_again                   ? "The same of what was there already."
                                                           : "The answer.");
    if (r.tells_version && r.answer_schema) {
        w.key("headers");
        w.raw(R"({"ETag":{"$ref":"#/components/headers/ETag"}})");
    }
    if (r.answer_schema)
        write_json_content(w, all, r.answer_schema);
    else if (status != 204)
        write_content(w, r.answer_type, [&] {
            w.raw(r.answer_type == "application/json" ? R"({"type":"object"})"
                                                      : R"({"type":"string","format":"binary"})");
        });
    w.end_object();
}

void write_responses(json_writer& w, schemas& all, const route& r) {
    w.key("responses");
    w.begin_object();
    if (r.success_again != 0) write_success(w, all, r, r.success_again);
    write_success(w, all, r, r.success);
    for (const auto& about : refusals)
        if (about.of(r)) {
            w.key(std::to_string(about.status));
            w.raw(fmt::format(R"({{"$ref":"#/components/responses/{}"}})", response_name(about.status)));
        }
    w.end_object();
}

/// The refusals themselves.
void write_refusals(json_writer& w) {
    w.key("responses");
    w.begin_object();
    for (const auto& about : refusals) {
        w.key(response_name(about.status));
        w.begin_object();
        w.key("description");
        w.string(about.help);
        if (about.status == 429 || about.status == 503) {
            w.key("headers");
            w.raw(R"({"Retry-After":{"$ref":"#/components/headers/Retry-After"}})");
        }
        w.key("content");
        w.raw(fmt::format(R"({{"application/problem+json":{{"schema":{{"$ref":"#/components/schemas/problem"}},)"
                          R"("example":{{"type":"about:blank","title":"{}","status":{},"detail":"{}",)"
                          R"("request_id":"9c41f0a2b7d3-1f","errors":[{}]}}}}}})",
                          status_title(about.status), about.status, about.detail,
                          about.status == 422 ? R"({"field":"name","message":"must not be empty"})" : ""));
        w.end_object();
    }
    w.end_object();
}

void write_operation(json_writer& w, schemas& all, const route& r) {
    w.begin_object();
    w.key("operationId");
    w.string(operation_id(r));
    w.key("tags");
    w.begin_array();
    w.string(r.segments.size() > 2 ? r.segments[2] : r.segments.back());
    w.end_array();
    w.key("summary");
    w.string(r.summary);
    w.key("description");
    w.string(permission_note(r.may_use));
    if (r.may_use.needs) {
        w.key("x-permission");
        w.string(name_of(*r.may_use.needs));
    }
    w.key("security");
    w.raw(security_of(r));
    w.key("parameters");
    w.begin_array();
    write_path_parameters(w, r);
    write_header_parameters(w, r);
    if (r.query_parameters) r.query_parameters(w, all);
    w.end_array();
    if (r.request_schema) {
        w.key("requestBody");
        w.begin_object();
        write_json_content(w, all, r.request_schema);
        w.key("required");
        w.boolean(true);
        w.end_object();
    } else if (r.takes_body()) {
        w.key("requestBody");
        w.begin_object();
        write_content(w, "*/*", [&] { w.raw(R"({"type":"string","format":"binary"})"); });
        w.end_object();
    }
    write_responses(w, all, r);
    w.end_object();
}

/// OpenAPI has no word for a WebSocket; what a server tells by itself it calls webhooks.
void write_live_feed(json_writer& w, schemas& all) {
    json_writer event;
    write_live_event_schema(event, all);
    w.key("webhooks");
    w.raw(fmt::format(
        R"({{"live":{{"post":{{"operationId":"live","summary":"An event, as the live feed tells it",)"
        R"("description":"A frame of the WebSocket /api/v1/live, and no request: nothing is answered.",)"
        R"("security":[{{"session":[]}},{{"token":[]}}],"requestBody":{{"required":true,)"
        R"("content":{{"application/json":{{"schema":{}}}}}}},"responses":{{"200":{{"description":"Nothing."}}}}}}}}}})",
        event.take()));
}

constexpr std::string_view problem_schema =
    R"({"type":"object","description":"Why a request was refused (RFC 9457).","properties":{)"
    R"("type":{"type":"string","description":"Always about:blank: the status says what kind of problem it is."},)"
    R"("title":{"type":"string","description":"The status in words."},)"
    R"("status":{"type":"integer","description":"The status of the response."},)"
    R"("detail":{"type":"string","description":"What is wrong, in one sentence."},)"
    R"("request_id":{"type":"string","description":"The request's X-Request-Id, as the server's log has it."},)"
    R"("errors":{"type":"array","description":"What is wrong with each field.","items":{"type":"object","properties":{)"
    R"("field":{"type":"string","description":"Where it stands, like steps[0].after_s."},)"
    R"("message":{"type":"string","description":"What it must be, or why it is refused."}},)"
    R"("required":["field","message"]}},)"
    R"("current":{"description":"With 412: what is there now."}},)"
    R"("required":["type","title","status","detail","request_id","errors"]})";

} // namespace

std::string openapi_document() {
    route_table table;
    add_all_routes(table, {});
    schemas all;
    all.named.emplace("problem", problem_schema);

    std::map<std::string, std::map<std::string, const route*>> paths;
    for (const auto& r : table.all()) {
        if (r.open) continue; // OpenAPI has no words for a WebSocket: docs/chat.md and docs/api.md have them
        std::string method;
        for (const char c : r.method) method += static_cast<char>(c | 0x20);
        paths[r.path][method] = &r;
    }

    json_writer w;
    w.begin_object();
    w.key("openapi");
    w.string("3.1.0");
    w.key("info");
    w.raw(
        R"({"title":"Switchboard","version":"1","description":"The REST interface of the Switchboard contact center.",)"
        R"("license":{"name":"Apache-2.0","identifier":"Apache-2.0"}})");
    w.key("servers");
    w.raw(R"([{"url":"/","description":"The server that told this."}])");
    w.key("paths");
    w.begin_object();
    for (const auto& [path, methods] : paths) {
        w.key(path);
        w.begin_object();
        for (const auto& [method, r] : methods) {
            w.key(method);
            write_operation(w, all, *r);
        }
        w.end_object();
    }
    w.end_object();
    write_live_feed(w, all);
    w.key("components");
    w.begin_object();
    w.key("securitySchemes");
    w.raw(R"({"session":{"type":"apiKey","in":"cookie","name":"switchboard_session",)"
          R"("description":"By https its name is __Host-switchboard_session."},)"
          R"("csrf":{"type":"apiKey","in":"header","name":"X-CSRF-Token",)"
          R"("description":"What signing in answered as csrf_token; every change by cookie needs it."},)"
          R"("token":{"type":"http","scheme":"bearer","description":"A token of POST /api/v1/tokens."}})");
    w.key("headers");
    w.raw(R"({"ETag":{"description":"The version of what is answered, for If-Match.","schema":{"type":"string"}},)"
          R"("Retry-After":{"description":"How many seconds to wait.","schema":{"type":"integer"}}})");
    write_refusals(w);
    w.key("schemas");
    w.begin_object();
    for (const auto& [name, schema] : all.named) {
        w.key(name);
        w.raw(schema);
    }
    w.end_object();
    w.end_object();
    w.end_object();
    return w.take();
}

} // namespace switchboard::api
