#pragma once

#include "api/wire/decoder.hpp"
#include "api/wire/describe.hpp"
#include "api/wire/types.hpp"

#include <switchboard/util/http_message.hpp>
#include <switchboard/util/text.hpp>

#include <optional>
#include <string>

/// Reads the parameters behind a path's question mark by the same declarations as a body's fields.
namespace switchboard::api {

template <std::size_t Min, std::size_t Max>
void decode_value(decoder& d, const std::string& from, text<Min, Max>& to) {
    to.value = from;
    if (from.find('\0') != from.npos) return d.fail("must not have a NUL character");
    if (clean_utf8(from) != from) return d.fail("must be UTF-8");
    d.check_length(from, Min, Max);
}

template <std::int64_t Least, std::int64_t Most>
void decode_value(decoder& d, const std::string& from, integer<Least, Most>& to) {
    d.parse_integer(from, Least, Most, to.value);
}

template <literal... Choices>
void decode_value(decoder& d, const std::string& from, one_of<Choices...>& to) {
    to.value = from;
    d.check_choice(from, {Choices.view()...});
}

template <enumeration E>
void decode_value(decoder& d, const std::string& from, name_in<E>& to) {
    to.value = from;
    d.check_choice(from, all_names<E>());
}

inline void decode_value(decoder& d, const std::string& from, bool& to) {
    d.parse_boolean(from, to);
}

inline void decode_value(decoder& d, const std::string& from, timestamp& to) {
    d.parse_time(from, to);
}

/// Every field of T is optional. A parameter that T does not name, or that comes twice, is an error.
template <described T>
void decode_query(decoder& d, const http::pairs& query, T& to) {
    for (const auto& [name, value] : query) {
        const auto here = d.enter(name);
        bool known = false;
        each_field<T>([&](auto descriptor) {
            using D = decltype(descriptor);
            if (field_name<D>() != name) return;
            known = true;
            auto& field = to.*D::pointer;
            if (field) return d.fail("is given twice");
            decode_value(d, value, field.emplace());
        });
        if (!known) d.fail("is not known here");
    }
}

} // namespace switchboard::api
