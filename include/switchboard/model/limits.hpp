#pragma once

#include <switchboard/model/datum.hpp>
#include <switchboard/model/time.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What a member of a noun or of a form can hold. The type says its limits; they are judged at the door (util/form.hpp)
/// and not when rows are read, so that a limit that is made tighter leaves older rows readable.
namespace switchboard {

/// A text of so many characters. One that must not be empty must not be blank either, and is trimmed.
template <std::int64_t Least, std::int64_t Most>
struct text : std::string {
    static constexpr std::int64_t least = Least, most = Most;
    using std::string::string;
    text(std::string value) : std::string{std::move(value)} {}
};

/// A text that stands in one line where other people read it, without what could make it read as another: names.
template <std::int64_t Least, std::int64_t Most>
struct line : text<Least, Most> {
    static constexpr bool one_line = true;
    using text<Least, Most>::text;
};

/// A text that is taken as it was typed, and never told.
template <std::int64_t Least, std::int64_t Most>
struct password_text : text<Least, Most> {
    static constexpr bool write_only = true;
    using text<Least, Most>::text;
};

/// A whole number, 0 until somebody says it. A member's default that is outside of the limits is found when its schema
/// is made, which is when the program starts.
template <std::int64_t Least, std::int64_t Most>
struct integer {
    static constexpr std::int64_t least = Least, most = Most;
    std::int64_t value = 0;

    constexpr integer() = default;
    constexpr integer(std::int64_t n) : value{n} {}
    constexpr operator const std::int64_t&() const { return value; }
};

/// The number of a row.
using row_id = integer<1, INT64_MAX>;

/// The number of a row of this table, where it must exist: reference<"queue">.
template <std::size_t N>
struct table_name {
    char chars[N];
    constexpr table_name(const char (&name)[N]) { std::copy_n(name, N, chars); }
    constexpr std::string_view view() const { return {chars, N - 1}; }
};
template <table_name Table>
struct reference : row_id {
    static constexpr std::string_view table = Table.view();
    using row_id::row_id;
    constexpr reference() = default;
    constexpr reference(row_id id) : row_id{id} {}
};

/// One of an enumeration's names that has no default: it must be said.
template <class E>
struct stated {
    std::optional<E> value;

    stated() = default;
    stated(E one) : value{one} {}
    operator E() const { return value.value(); }
};

/// What whoever adds one may leave to the program: its noun's table says what it is then (noun_rules::complete).
template <class T>
struct assigned {
    using of = T;
    std::optional<T> value;

    assigned() = default;
    assigned(T one) : value{std::move(one)} {}
    operator const T&() const { return value.value(); }
};

/// Up to so many.
template <class T, std::int64_t Most, std::int64_t Least = 0>
struct list : std::vector<T> {
    static constexpr std::int64_t least = Least, most = Most;
    using std::vector<T>::vector;
    list(std::vector<T> items) : std::vector<T>{std::move(items)} {}
};

/// Told and never taken: numbers of rows, versions, times of creation.
template <class T>
struct read_only : T {
    using of = T;
    using T::T;
    read_only() = default;
    read_only(const T& value) : T{value} {}
};

template <>
struct read_only<bool> {
    using of = bool;
    bool value = false;

    constexpr operator const bool&() const { return value; }
    constexpr operator bool&() { return value; }
};

/// Said when one is added, and never changed.
template <class T>
struct fixed : T {
    using of = T;
    using T::T;
    fixed() = default;
    fixed(const T& value) : T{value} {}
};

/// An object of so many bytes at most as JSON, whose inside is another's to judge.
template <std::int64_t MostBytes>
struct json_object : datum {
    static constexpr std::int64_t most_bytes = MostBytes;
    json_object() : datum{datum::object()} {}
    json_object(datum value) : datum{std::move(value)} {}
};

/// Taken and never told, not even to the log.
struct secret {
    using words = text<1, 4000>;
    std::optional<words> reveal;
};

} // namespace switchboard
