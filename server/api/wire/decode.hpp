#pragma once

#include "api/wire/decoder.hpp"
#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/noun.hpp>

#include <optional>
#include <vector>

/// Reads a request's JSON into a described struct. Never stops at the first mistake: the decoder collects them all.
namespace switchboard::api {

template <std::size_t Min, std::size_t Max>
void decode(decoder& d, json_view from, text<Min, Max>& to) {
    d.read_text(from, Min, Max, to.value);
}

template <std::size_t Max>
void decode(decoder& d, json_view from, label<Max>& to) {
    d.read_label(from, Max, to.value);
}

template <std::int64_t Least, std::int64_t Most>
void decode(decoder& d, json_view from, integer<Least, Most>& to) {
    d.read_integer(from, Least, Most, to.value);
}

template <literal... Choices>
void decode(decoder& d, json_view from, one_of<Choices...>& to) {
    d.read_choice(from, {Choices.view()...}, to.value);
}

template <enumeration E>
void decode(decoder& d, json_view from, name_in<E>& to) {
    d.read_choice(from, all_names<E>(), to.value);
}

template <std::size_t MaxBytes>
void decode(decoder& d, json_view from, object<MaxBytes>& to) {
    d.read_object(from, MaxBytes, to.json);
}

template <enumeration E>
void decode(decoder& d, json_view from, E& to) {
    std::string name;
    d.read_choice(from, all_names<E>(), name);
    to = named_value<E>(name).value_or(E{});
}

/// What the model declares (model/noun.hpp) is judged by its own schema.
template <class T, std::int64_t Most>
void decode(decoder& d, json_view from, switchboard::list<T, Most>& to) {
    if (const auto judged = d.read_declared(from, make_schema<switchboard::list<T, Most>>())) put(to, *judged);
}

inline void decode(decoder& d, json_view from, bool& to) {
    d.read_boolean(from, to);
}
inline void decode(decoder& d, json_view from, timestamp& to) {
    d.read_time(from, to);
}

template <class T, std::size_t Max>
void decode(decoder& d, json_view from, list<T, Max>& to);
template <class T>
void decode(decoder& d, json_view from, nullable<T>& to);
template <described T>
void decode(decoder& d, json_view from, T& to);

template <class T, std::size_t Max>
void decode(decoder& d, json_view from, list<T, Max>& to) {
    if (!d.is_list(from, Max)) return;
    for (std::size_t i = 0; i < from.size(); ++i) {
        const auto here = d.enter(i);
        decode(d, from[i], to.items.emplace_back());
    }
}

template <class T>
void decode(decoder& d, json_view from, nullable<T>& to) {
    if (from.kind() == json_kind::null)
        to.value.reset();
    else
        decode(d, from, to.value.emplace());
}

namespace detail {
template <class T>
void decode_field(decoder& d, const std::optional<json_view>& from, T& to) {
    if (from)
        decode(d, *from, to);
    else
        d.fail("is required");
}
template <class T>
void decode_field(decoder& d, const std::optional<json_view>& from, std::optional<T>& to) {
    if (from) decode(d, *from, to.emplace());
}
} // namespace detail

template <described T>
void decode(decoder& d, json_view from, T& to) {
    if (from.kind() != json_kind::object) return d.fail("must be an object");
    std::vector<std::string> known;
    each_field<T>([&](auto descriptor) {
        using D = decltype(descriptor);
        known.push_back(field_name<D>());
        const auto here = d.enter(known.back());
        detail::decode_field(d, from.find(known.back()), to.*D::pointer);
    });
    d.refuse_others(from, known);
}

} // namespace switchboard::api
