#include "api/tables.hpp"

namespace switchboard::api {
namespace {

std::string permission_note(who least) {
    switch (least) {
    case who::anyone:
        return "Anyone.";
    case who::intake:
        return "Machines with the scope intake.";
    case who::person:
        return "Whoever is signed in.";
    case who::person_or_intake:
        return "Whoever is signed in; machines with the scope intake.";
    case who::agent:
        return "Agents and above; machines with the scope read or admin.";
    case who::supervisor:
        return "Supervisors and admins; machines with the scope read or admin.";
    case who::admin:
        return "Admins; machines with the scope admin.";
    }
    return {};
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
    w.string(permission_note(r.least));
    if (r.least == who::anyone) {
        w.key("security");
        w.raw("[]");
    }
    w.key("parameters");
    w.begin_array();
    write_path_parameters(w, r);
    if (r.query_parameters) r.query_parameters(w, all);
    w.end_array();
    if (r.request_schema) {
        w.key("requestBody");
        w.begin_object();
        write_content(w, "application/json", [&] { r.request_schema(w, all); });
        w.key("required");
        w.boolean(true);
        w.end_object();
    }
    w.key("responses");
    w.begin_object();
    w.key(std::to_string(r.success));
    w.begin_object();
    w.key("description");
    w.string(r.success == 204 ? "Done" : "The answer");
    if (r.answer_schema)
        write_content(w, "application/json", [&] { r.answer_schema(w, all); });
    else if (r.success != 204)
        write_content(w, r.answer_type, [&] {
            w.raw(r.answer_type == "application/json" ? "{}" : R"({"type":"string","format":"binary"})");
        });
    w.end_object();
    w.key("default");
    w.raw(R"({"description":"What is wrong","content":{"application/problem+json":)"
          R"({"schema":{"$ref":"#/components/schemas/problem"}}}})");
    w.end_object();
    w.end_object();
}

constexpr std::string_view problem_schema =
    R"({"type":"object","properties":{"type":{"type":"string"},"title":{"type":"string"},)"
    R"("status":{"type":"integer"},"detail":{"type":"string"},"request_id":{"type":"string"},)"
    R"("errors":{"type":"array","items":{"type":"object","properties":{"field":{"type":"string"},)"
    R"("message":{"type":"string"}},"required":["field","message"]}},)"
    R"("current":{"description":"With 412: the resource as it is now"}},)"
    R"("required":["type","title","status","detail","request_id","errors"]})";

} // namespace

std::string openapi_document() {
    const services none;
    routes table;
    add_all_routes(table, none, {});
    schemas all;
    all.named.emplace("problem", problem_schema);

    std::map<std::string, std::map<std::string, const route*>> paths;
    for (const auto& r : table.all()) {
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
        R"({"title":"Switchboard","version":"1","description":"The REST interface of the Switchboard contact center."})");
    w.key("security");
    w.raw(R"([{"session":[]},{"token":[]}])");
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
    w.key("components");
    w.begin_object();
    w.key("securitySchemes");
    w.raw(R"({"session":{"type":"apiKey","in":"cookie","name":"switchboard_session",)"
          R"("description":"By https its name is __Host-switchboard_session."},)"
          R"("token":{"type":"http","scheme":"bearer"}})");
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
