#include "api/wire/schema.hpp"

#include <switchboard/util/form.hpp>

namespace switchboard::api {

void write_type(json_writer& w, std::string_view type, std::string_view format) {
    w.begin_object();
    w.key("type");
    w.string(type);
    if (!format.empty()) {
        w.key("format");
        w.string(format);
    }
    w.end_object();
}

void write_text_schema(json_writer& w, std::size_t least, std::size_t most) {
    w.begin_object();
    w.key("type");
    w.string("string");
    if (least > 0) {
        w.key("minLength");
        w.integer(static_cast<std::int64_t>(least));
    }
    w.key("maxLength");
    w.integer(static_cast<std::int64_t>(most));
    w.end_object();
}

void write_integer_schema(json_writer& w, std::int64_t least, std::int64_t most) {
    w.begin_object();
    w.key("type");
    w.string("integer");
    w.key("format");
    w.string("int64");
    w.key("minimum");
    w.integer(least);
    if (most != INT64_MAX) {
        w.key("maximum");
        w.integer(most);
    }
    w.end_object();
}

void write_choice_schema(json_writer& w, const std::vector<std::string_view>& choices) {
    w.begin_object();
    w.key("type");
    w.string("string");
    w.key("enum");
    w.begin_array();
    for (const auto choice : choices) w.string(choice);
    w.end_array();
    w.end_object();
}

std::string with_help(std::string schema, std::string_view help) {
    json_writer text;
    text.string(help);
    return schema.insert(1, "\"description\":" + text.take() + (schema == "{}" ? "" : ","));
}

void write_reference(json_writer& w, const std::string& name) {
    w.begin_object();
    w.key("$ref");
    w.string("#/components/schemas/" + name);
    w.end_object();
}

namespace {

/// Puts what has a title under that name, and a reference in its place.
void name_objects(datum& schema, schemas& all, const std::string& suffix) {
    const std::string inside = suffix.empty() ? "" : "_create"; // what stands in a list is sent whole, in a patch too
    for (auto& [name, part] : schema.members) {
        if (part.is != datum::kind::object && part.is != datum::kind::list) continue;
        for (auto& item : part.items) name_objects(item, all, inside);
        name_objects(part, all, inside);
    }
    if (!schema["title"].exists() || schema["title"].is != datum::kind::text) return;
    const auto name = schema["title"].text + suffix;
    auto help = schema["description"]; // of the member that holds it
    schema.remove("description");
    all.named.try_emplace(name, to_json(schema));
    schema = datum::object({{"$ref", "#/components/schemas/" + name}});
    if (help.exists()) schema.set("description", std::move(help));
}

void write_named(json_writer& w, schemas& all, datum schema, const std::string& suffix) {
    name_objects(schema, all, suffix);
    w.raw(to_json(schema));
}

} // namespace

void write_answer_schema(json_writer& w, schemas& all, const datum& schema) {
    write_named(w, all, schema_of_answer(schema), "");
}

void write_form_schema(json_writer& w, schemas& all, const datum& schema, form f) {
    write_named(w, all, schema["properties"].exists() ? schema_of_form(schema, f) : schema,
                f == form::create ? "_create" : "_patch");
}

std::vector<std::string_view> split_choices(std::string_view choices) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = choices.find('|');
        out.push_back(choices.substr(0, end));
        if (end == choices.npos) return out;
        choices.remove_prefix(end + 1);
    }
}

} // namespace switchboard::api
