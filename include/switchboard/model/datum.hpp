#pragma once

#include <switchboard/model/time.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard {

/// A value on its way between C++, SQL and JSON: what a described struct becomes (model/noun.hpp), so that everything
/// else about nouns is ordinary code that is compiled once. No std::variant: every file that sees one pays for it.
struct datum {
    enum class kind { absent, null, boolean, integer, real, time, text, secret, list, object };
    using members_type = std::vector<std::pair<std::string, datum>>; // in the order of the declaration

    kind is = kind::absent;
    std::int64_t number = 0; // of a boolean, an integer, a time (microseconds since 1970)
    double real = 0;
    std::string text; // of a text; of a secret, what is never shown
    std::vector<datum> items;
    members_type members;

    datum() {} // not "= default": std::pair asks for it before the class is complete
    datum(std::nullptr_t) : is{kind::null} {}
    datum(bool value) : is{kind::boolean}, number{value} {}
    datum(std::int64_t value) : is{kind::integer}, number{value} {}
    datum(double value) : is{kind::real}, real{value} {}
    datum(timestamp value) : is{kind::time}, number{value.time_since_epoch().count()} {}
    datum(const char* value) : is{kind::text}, text{value} {}
    datum(std::string_view value) : is{kind::text}, text{value} {}
    datum(std::string value) : is{kind::text}, text{std::move(value)} {}

    static datum list();
    static datum list(std::vector<datum> items);
    static datum object();
    static datum object(members_type members);
    static datum secret(std::string words);

    bool exists() const { return is != kind::absent; }
    timestamp time() const { return timestamp{timestamp::duration{number}}; }

    /// The member of this name; an absent one if there is none.
    const datum& operator[](std::string_view member) const;
    /// Sets the member of this name, or adds it.
    void set(std::string_view member, datum value);
    void remove(std::string_view member);

    bool operator==(const datum&) const = default;
};

/// Throws: a row holds what the program does not know.
[[noreturn]] bool unreadable(const datum& value);

} // namespace switchboard
