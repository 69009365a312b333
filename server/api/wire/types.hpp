#pragma once

#include <switchboard/model/describe.hpp>
#include <switchboard/model/states.hpp>
#include <switchboard/model/time.hpp>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Types that say what a field of a request may be. In a request std::optional<T> may be absent and may not be null;
/// std::optional<nullable<T>> tells the two apart, as a PATCH needs.
namespace switchboard::api {

/// Text of so many characters.
template <std::size_t Min, std::size_t Max>
struct text {
    std::string value;
    operator const std::string&() const { return value; }
};

/// Text that is never empty or only white space; trimmed.
template <std::size_t Max>
struct label {
    std::string value;
    operator const std::string&() const { return value; }
};

template <std::int64_t Least, std::int64_t Most>
struct integer {
    std::int64_t value = Least;
    operator std::int64_t() const { return value; }
};

using id_number = integer<1, INT64_MAX>;

template <std::size_t N>
struct literal {
    char chars[N];
    constexpr literal(const char (&s)[N]) { std::copy_n(s, N, chars); }
    constexpr std::string_view view() const { return {chars, N - 1}; }
};

template <literal... Choices>
struct one_of {
    std::string value;
    operator const std::string&() const { return value; }
};

/// A name of E, kept as text.
template <enumeration E>
struct name_in {
    std::string value;
    operator const std::string&() const { return value; }
};

template <class T, std::size_t Max>
struct list {
    std::vector<T> items;
};

template <class T>
struct nullable {
    std::optional<T> value;
};

/// A JSON object whose inside is nobody's business, up to so many bytes.
template <std::size_t MaxBytes>
struct object {
    std::string json = "{}";
};

using channel_name = name_in<channel>;

/// The plain values of a list of constrained ones.
template <class Plain, class T, std::size_t Max>
std::vector<Plain> plain(const list<T, Max>& from) {
    return {from.items.begin(), from.items.end()};
}

template <class Plain, class T>
std::optional<Plain> plain(const std::optional<T>& from) {
    if (!from) return std::nullopt;
    return Plain(from->value);
}

} // namespace switchboard::api
