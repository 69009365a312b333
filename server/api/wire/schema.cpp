#include "api/wire/schema.hpp"

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

void write_reference(json_writer& w, const std::string& name) {
    w.begin_object();
    w.key("$ref");
    w.string("#/components/schemas/" + name);
    w.end_object();
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
