#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/json_writer.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/noun.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/time.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

/// JSON Schema (2020-12, as OpenAPI 3.1 uses it) from the declarations that decode and encode use.
namespace switchboard::api {

/// In a request an optional field may be absent; in an answer it is there and may be null.
enum class direction { request, answer };

/// Named schemas, each written once, in the order of their names.
struct schemas {
    std::map<std::string, std::string> named;
};

/// Of nouns (model/noun.hpp), which have made their schema themselves; what is inside of one stands under its own name.
void write_answer_schema(json_writer& w, schemas& all, const datum& schema);
void write_form_schema(json_writer& w, schemas& all, const datum& schema, form f);

template <class T>
struct schema_of;

template <class T>
void write_schema(json_writer& w, schemas& all, direction way) {
    schema_of<T>::write(w, all, way);
}

void write_text_schema(json_writer& w, std::size_t least, std::size_t most);
void write_integer_schema(json_writer& w, std::int64_t least, std::int64_t most);
void write_choice_schema(json_writer& w, const std::vector<std::string_view>& choices);
void write_type(json_writer& w, std::string_view type, std::string_view format = {});
/// Whose members nobody has declared.
inline void write_any_object(json_writer& w) {
    w.raw(R"({"type":"object","additionalProperties":true})");
}
/// The schema with this description.
std::string with_help(std::string schema, std::string_view help);
void write_reference(json_writer& w, const std::string& name);
std::vector<std::string_view> split_choices(std::string_view choices);

template <std::size_t Min, std::size_t Max>
struct schema_of<text<Min, Max>> {
    static void write(json_writer& w, schemas&, direction) { write_text_schema(w, Min, Max); }
};
template <std::size_t Max>
struct schema_of<label<Max>> {
    static void write(json_writer& w, schemas&, direction) { write_text_schema(w, 1, Max); }
};
template <std::int64_t Least, std::int64_t Most>
struct schema_of<integer<Least, Most>> {
    static void write(json_writer& w, schemas&, direction) { write_integer_schema(w, Least, Most); }
};
template <literal... Choices>
struct schema_of<one_of<Choices...>> {
    static void write(json_writer& w, schemas&, direction) { write_choice_schema(w, {Choices.view()...}); }
};
template <enumeration E>
struct schema_of<E> {
    static void write(json_writer& w, schemas&, direction) { write_choice_schema(w, all_names<E>()); }
};
template <enumeration E>
struct schema_of<name_in<E>> : schema_of<E> {};
template <class T, std::int64_t Most>
struct schema_of<switchboard::list<T, Most>> {
    static void write(json_writer& w, schemas& all, direction) {
        write_form_schema(w, all, make_schema<switchboard::list<T, Most>>(), form::create);
    }
};
template <std::size_t MaxBytes>
struct schema_of<object<MaxBytes>> {
    static void write(json_writer& w, schemas&, direction) { write_any_object(w); }
};
template <>
struct schema_of<bool> {
    static void write(json_writer& w, schemas&, direction) { write_type(w, "boolean"); }
};
template <>
struct schema_of<std::string> {
    static void write(json_writer& w, schemas&, direction) { write_type(w, "string"); }
};
template <>
struct schema_of<std::int64_t> {
    static void write(json_writer& w, schemas&, direction) { write_type(w, "integer", "int64"); }
};
template <>
struct schema_of<double> {
    static void write(json_writer& w, schemas&, direction) { write_type(w, "number"); }
};
template <>
struct schema_of<datum> {
    static void write(json_writer& w, schemas&, direction) { write_any_object(w); }
};
template <>
struct schema_of<timestamp> {
    static void write(json_writer& w, schemas&, direction) { write_type(w, "string", "date-time"); }
};

template <class T>
void write_list_schema(json_writer& w, schemas& all, direction way, std::optional<std::size_t> most) {
    w.begin_object();
    w.key("type");
    w.string("array");
    w.key("items");
    write_schema<T>(w, all, way);
    if (most) {
        w.key("maxItems");
        w.integer(static_cast<std::int64_t>(*most));
    }
    w.end_object();
}
template <class T, std::size_t Max>
struct schema_of<list<T, Max>> {
    static void write(json_writer& w, schemas& all, direction way) { write_list_schema<T>(w, all, way, Max); }
};
template <class T>
struct schema_of<std::vector<T>> {
    static void write(json_writer& w, schemas& all, direction way) { write_list_schema<T>(w, all, way, std::nullopt); }
};

/// What `inner` writes, or null.
template <class F>
void write_or_null(json_writer& w, F inner) {
    w.begin_object();
    w.key("anyOf");
    w.begin_array();
    inner();
    write_type(w, "null");
    w.end_array();
    w.end_object();
}
template <class T>
void write_nullable_schema(json_writer& w, schemas& all, direction way) {
    write_or_null(w, [&] { write_schema<T>(w, all, way); });
}
template <class T>
struct schema_of<nullable<T>> {
    static void write(json_writer& w, schemas& all, direction way) { write_nullable_schema<T>(w, all, way); }
};
template <class T>
struct schema_of<std::optional<T>> {
    static void write(json_writer& w, schemas& all, direction way) {
        if (way == direction::request)
            write_schema<T>(w, all, way);
        else
            write_nullable_schema<T>(w, all, way);
    }
};

template <class T>
struct schema_of<page<T>> {
    static void write(json_writer& w, schemas& all, direction way) {
        w.begin_object();
        w.key("type");
        w.string("object");
        w.key("properties");
        w.begin_object();
        json_writer items, next;
        write_list_schema<T>(items, all, way, std::nullopt);
        write_nullable_schema<std::string>(next, all, way);
        w.key("items");
        w.raw(with_help(items.take(), "The part of the list."));
        w.key("next");
        w.raw(with_help(next.take(), "Sent as `after`, brings those that follow; null: there are none."));
        w.end_object();
        w.key("required");
        w.raw(R"(["items","next"])");
        w.end_object();
    }
};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// What is published of a noun. A specialisation may say more than its declaration, of what another room judges.
template <noun T>
datum published() {
    return switchboard::schema_of<T>();
}

template <noun T>
struct schema_of<T> {
    static void write(json_writer& w, schemas& all, direction) { write_answer_schema(w, all, published<T>()); }
};

template <described T>
    requires(!noun<T>)
struct schema_of<T> {
    static void write(json_writer& w, schemas& all, direction way) {
        const auto name = type_name<T>();
        if (all.named.try_emplace(name).second) {
            auto inside = body(all, way);
            all.named[name] = std::move(inside);
        }
        write_reference(w, name);
    }

private:
    static std::string body(schemas& all, direction way) {
        json_writer w;
        w.begin_object();
        w.key("type");
        w.string("object");
        w.key("properties");
        w.begin_object();
        each_field<T>([&](auto d) { write_field<decltype(d)>(w, all, way); });
        w.end_object();
        w.key("required");
        w.begin_array();
        each_field<T>([&](auto d) {
            using D = decltype(d);
            if (way == direction::answer || !is_optional<type_of<D>>) w.string(field_name<D>());
        });
        w.end_array();
        if (way == direction::request && !may_say_more<T>) {
            w.key("additionalProperties");
            w.boolean(false);
        }
        w.end_object();
        return w.take();
    }

    template <class D>
    using type_of = std::remove_cvref_t<decltype(std::declval<T>().*D::pointer)>;

    template <class D>
    static void write_field(json_writer& w, schemas& all, direction way) {
        w.key(field_name<D>());
        json_writer inner;
        write_type_of<D>(inner, all, way);
        w.raw(with_help(inner.take(), help_of<D>()));
    }

    template <class D>
    static void write_type_of(json_writer& w, schemas& all, direction way) {
        using about = field<D::pointer>;
        if constexpr (about::schema != nullptr) {
            w.raw(about::schema());
        } else if constexpr (about::json) {
            write_type(w, "object");
        } else if constexpr (!about::choices.empty()) {
            const auto choices = split_choices(about::choices);
            if constexpr (is_optional<type_of<D>>)
                write_or_null(w, [&] { write_choice_schema(w, choices); });
            else
                write_choice_schema(w, choices);
        } else {
            write_schema<type_of<D>>(w, all, way);
        }
    }
};

} // namespace switchboard::api
