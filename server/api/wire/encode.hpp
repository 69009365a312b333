#pragma once

#include "api/wire/describe.hpp"
#include "api/wire/json_writer.hpp"
#include "api/wire/types.hpp"

#include <switchboard/model/page.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/time.hpp>

#include <optional>
#include <string>
#include <vector>

namespace switchboard::api {

template <class T>
void encode(json_writer& w, const std::vector<T>& items);
template <class T>
void encode(json_writer& w, const std::optional<T>& value);
template <class T>
void encode(json_writer& w, const page<T>& part);
template <noun T>
void encode(json_writer& w, const T& value);
template <described T>
    requires(!noun<T>)
void encode(json_writer& w, const T& value);

inline void encode(json_writer& w, const std::string& value) {
    w.string(value);
}
inline void encode(json_writer& w, bool value) {
    w.boolean(value);
}
inline void encode(json_writer& w, std::int64_t value) {
    w.integer(value);
}
inline void encode(json_writer& w, double value) {
    w.real(value);
}
inline void encode(json_writer& w, const datum& value) {
    w.raw(to_json(value));
}
inline void encode(json_writer& w, timestamp value) {
    w.string(to_rfc3339(value));
}

template <class T>
void encode(json_writer& w, const std::vector<T>& items) {
    w.begin_array();
    for (const auto& item : items) encode(w, item);
    w.end_array();
}

template <class T>
void encode(json_writer& w, const std::optional<T>& value) {
    if (value)
        encode(w, *value);
    else
        w.null();
}

template <class T>
void encode(json_writer& w, const page<T>& part) {
    w.begin_object();
    w.key("items");
    encode(w, part.items);
    w.key("next");
    encode(w, part.next);
    w.end_object();
}

template <noun T>
void encode(json_writer& w, const T& value) {
    w.raw(to_json(get(value)));
}

template <described T>
    requires(!noun<T>)
void encode(json_writer& w, const T& value) {
    w.begin_object();
    each_field<T>([&](auto d) {
        using D = decltype(d);
        w.key(field_name<D>());
        if constexpr (field<D::pointer>::json)
            w.raw(value.*D::pointer);
        else
            encode(w, value.*D::pointer);
    });
    w.end_object();
}

template <class T>
std::string to_wire(const T& value) {
    json_writer w;
    encode(w, value);
    return w.take();
}

} // namespace switchboard::api
