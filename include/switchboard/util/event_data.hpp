#pragma once

#include <switchboard/model/event.hpp>
#include <switchboard/model/events.hpp>
#include <switchboard/model/noun.hpp>
#include <switchboard/util/form.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What an event says (model/events.hpp) as the JSON of its row and of its frame.
namespace switchboard {

namespace detail {
bool take(std::int64_t& to, const datum& from);
bool take(bool& to, const datum& from);
bool take(std::string& to, const datum& from);
bool take(timestamp& to, const datum& from);
bool take(datum& to, const datum& from); // an object
template <enumeration E>
bool take(E& to, const datum& from) {
    const auto value = named_value<E>(from.text);
    to = value.value_or(E{});
    return value.has_value();
}

/// Where the first thing stands that cannot be taken, like ".ticket.queue"; empty: all was. What is not known is left
/// out, as a newer node may write more.
template <class T>
std::optional<std::string> read_into(T& to, const datum& from) {
    std::optional<std::string> wrong;
    if constexpr (is_optional<T>) {
        if (from.is == datum::kind::absent || from.is == datum::kind::null) return wrong;
        return read_into(to.emplace(), from);
    } else if constexpr (described<T>) {
        if (from.is != datum::kind::object) return "";
        with_members<T>([&]<class... M> {
            (((wrong = read_into(to.*M::pointer, from[M::name])) &&
              (wrong->insert(0, "." + std::string{M::name}), true)) ||
             ...);
        });
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, bool>) {
        // A node that is not upgraded yet leaves out a text or a flag that has nothing to say.
        if (from.is != datum::kind::absent && !take(to, from)) return "";
    } else if constexpr (many<T>) {
        if (from.is != datum::kind::list) return "";
        for (const auto& item : from.items)
            if ((wrong = read_into(to.emplace_back(), item))) break;
    } else if (!take(to, from)) {
        return "";
    }
    return wrong;
}

std::expected<datum, std::string> read_data(std::string_view json);
void log_unreadable(const event& e, const std::string& why);
} // namespace detail

template <events::one_of_them E>
std::string data_of(const E& e) {
    return to_json(get(e));
}

/// An event that is in no log: it is pushed at once.
template <events::one_of_them E>
event event_of(const E& e, timestamp at) {
    event out;
    out.type = E::type;
    out.at = at;
    out.data = data_of(e);
    return out;
}

/// The error says what is wrong with the row, without a word of what stands in it.
template <events::one_of_them E>
std::expected<E, std::string> read_data(std::string_view json) {
    const auto data = detail::read_data(json);
    if (!data) return std::unexpected{data.error()};
    E out;
    if (const auto wrong = detail::read_into(out, *data)) return std::unexpected{"cannot be read at " + *wrong};
    return out;
}

/// Empty for an event of another type; and for one that cannot be read, which this process tells by its place in the
/// log.
template <events::one_of_them E>
std::optional<E> read_event(const event& e) {
    if (e.type != E::type) return std::nullopt;
    auto out = read_data<E>(e.data);
    if (out) return std::move(*out);
    detail::log_unreadable(e, out.error());
    return std::nullopt;
}

/// Calls f with what the event says, if it can be read and is of a type that this program knows.
template <class F>
void with_event(const event& e, F f) {
    events::with_all([&]<class... E> {
        const auto tell = [&]<class One>(const std::optional<One>& one) {
            if (one) f(*one);
            return true;
        };
        ((e.type == E::type && tell(read_event<E>(e))) || ...);
    });
}

} // namespace switchboard
