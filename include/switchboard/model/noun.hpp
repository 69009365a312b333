#pragma once

#include <switchboard/model/datum.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/limits.hpp>
#include <switchboard/model/schema.hpp>

#include <algorithm>
#include <concepts>
#include <string>
#include <vector>

/// A noun is declared once, as a described struct (model/describe.hpp) whose members say their limits
/// (model/limits.hpp). Three templates turn it into plain values, back, and into its schema; a new kind of member is a
/// line in each. Its rows are store/nouns.hpp, its forms util/form.hpp, its routes api/nouns.hpp.
namespace switchboard {

namespace detail {
template <class T>
constexpr bool is_optional = false;
template <class T>
constexpr bool is_optional<std::optional<T>> = true;
template <class T>
constexpr bool is_stated = false;
template <class E>
constexpr bool is_stated<stated<E>> = true;
template <class T>
constexpr bool is_assigned = false;
template <class T>
constexpr bool is_assigned<assigned<T>> = true;
template <class T>
constexpr bool is_read_only = false;
template <class T>
constexpr bool is_read_only<read_only<T>> = true;
template <class T>
constexpr bool is_fixed = false;
template <class T>
constexpr bool is_fixed<fixed<T>> = true;

template <class T>
concept many = requires { typename T::value_type; } && std::derived_from<T, std::vector<typename T::value_type>>;
template <class T>
concept words = std::derived_from<T, std::string>;
template <class T>
concept moment = std::derived_from<T, timestamp>;
template <class T>
concept whole_number = requires(T t) {
    { t.value } -> std::same_as<std::int64_t&>;
};

template <class T, class M>
using member_type = std::remove_cvref_t<decltype(std::declval<T>().*M::pointer)>;
} // namespace detail

namespace detail {
/// Whether the templates below take it.
template <class T>
consteval bool says_its_limits() {
    if constexpr (is_optional<T>)
        return says_its_limits<typename T::value_type>();
    else if constexpr (is_stated<T> || is_assigned<T> || is_read_only<T> || is_fixed<T> || std::same_as<T, secret> ||
                       std::derived_from<T, datum> || std::same_as<T, bool> || std::same_as<T, double> ||
                       enumeration<T>)
        return true;
    else if constexpr (declared<T>)
        return with_members<T>([]<class... M> { return (says_its_limits<member_type<T, M>>() && ...); });
    else
        return moment<T> || requires { T::least; };
}
} // namespace detail

/// A declared struct, all of whose members say their limits.
template <class T>
concept noun = declared<T> && detail::says_its_limits<T>();

/// A member, or a struct with all of its members, as a plain value.
template <class T>
datum get(const T& from) {
    if constexpr (detail::is_optional<T>) {
        return from ? get(*from) : datum{nullptr};
    } else if constexpr (detail::is_read_only<T> || detail::is_fixed<T>) {
        return get(static_cast<const typename T::of&>(from));
    } else if constexpr (detail::is_stated<T> || detail::is_assigned<T>) {
        return get(from.value);
    } else if constexpr (std::same_as<T, secret>) {
        return from.reveal ? datum::secret(*from.reveal) : datum{nullptr};
    } else if constexpr (enumeration<T>) {
        return name_of(from);
    } else if constexpr (described<T>) {
        return with_members<T>([&]<class... M> { return datum::object({{M::name, get(from.*M::pointer)}...}); });
    } else if constexpr (detail::many<T>) {
        auto out = datum::list();
        for (const auto& item : from) out.items.push_back(get(item));
        return out;
    } else if constexpr (detail::whole_number<T>) {
        return from.value;
    } else if constexpr (detail::words<T>) {
        return static_cast<const std::string&>(from);
    } else if constexpr (detail::moment<T>) {
        return static_cast<const timestamp&>(from);
    } else if constexpr (std::derived_from<T, datum>) {
        return static_cast<const datum&>(from);
    } else {
        return from; // a bool or double
    }
}

/// Takes what a form let pass or what a row holds; of an object, the members that are in it. Throws at what it cannot
/// take.
template <class T>
void put(T& to, const datum& from) {
    using kind = datum::kind;
    [[maybe_unused]] const auto must_be = [&](kind k) {
        if (from.is != k) unreadable(from);
    };
    if constexpr (detail::is_optional<T>) {
        if (from.is == kind::null)
            to.reset();
        else
            put(to.emplace(), from);
    } else if constexpr (detail::is_read_only<T> || detail::is_fixed<T>) {
        put(static_cast<typename T::of&>(to), from);
    } else if constexpr (detail::is_stated<T> || detail::is_assigned<T>) {
        put(to.value, from);
    } else if constexpr (std::derived_from<T, datum>) {
        static_cast<datum&>(to) = from;
    } else if constexpr (std::same_as<T, secret>) {
        if (from.is == kind::null)
            to.reveal.reset();
        else
            to.reveal.emplace(from.text);
    } else if constexpr (enumeration<T>) {
        const auto value = named_value<T>(from.text);
        if (!value) unreadable(from);
        to = *value;
    } else if constexpr (described<T>) {
        with_members<T>(
            [&]<class... M> { ((from[M::name].exists() ? put(to.*M::pointer, from[M::name]) : void()), ...); });
    } else if constexpr (detail::many<T>) {
        must_be(kind::list);
        to.clear();
        for (const auto& item : from.items) put(to.emplace_back(), item);
    } else if constexpr (detail::whole_number<T>) {
        must_be(kind::integer);
        to.value = from.number;
    } else if constexpr (detail::words<T>) {
        must_be(kind::text);
        to.assign(from.text);
    } else if constexpr (detail::moment<T>) {
        must_be(kind::time);
        static_cast<timestamp&>(to) = from.time();
    } else if constexpr (std::same_as<T, bool>) {
        must_be(kind::boolean);
        to = from.number != 0;
    } else {
        must_be(kind::real);
        to = from.real;
    }
}

/// The whole of what a row or a form holds.
template <described T>
T from_datum(const datum& from) {
    T out;
    put(out, from);
    return out;
}

template <class T>
datum make_schema() {
    if constexpr (detail::is_read_only<T>) {
        return schema_read_only(make_schema<typename T::of>());
    } else if constexpr (detail::is_fixed<T>) {
        return schema_fixed(make_schema<typename T::of>());
    } else if constexpr (detail::is_optional<T>) {
        return schema_or_null(make_schema<typename T::value_type>());
    } else if constexpr (detail::is_stated<T>) {
        return make_schema<typename decltype(T::value)::value_type>();
    } else if constexpr (detail::is_assigned<T>) {
        return schema_assigned(make_schema<typename T::of>());
    } else if constexpr (std::same_as<T, secret>) {
        return schema_of_secret(secret::words::least, secret::words::most);
    } else if constexpr (enumeration<T>) {
        return with_names<T>([]<class... N> { return schema_of_choice({spelled<N>...}); });
    } else if constexpr (described<T>) {
        return with_members<T>([]<class... M> {
            return schema_of_members(datum::object({{M::name, make_schema<detail::member_type<T, M>>()}...}),
                                     {words_of<T>().noun, {help_of<M>()...}}, get(T{}));
        });
    } else if constexpr (detail::many<T>) {
        return schema_of_list(make_schema<typename T::value_type>(), T::least, T::most);
    } else if constexpr (requires { T::table; }) {
        return schema_of_reference(T::table);
    } else if constexpr (detail::whole_number<T>) {
        return schema_of_integer(T::least, T::most);
    } else if constexpr (requires { T::write_only; }) {
        return schema_write_only(schema_of_text(T::least, T::most));
    } else if constexpr (requires { T::one_line; }) {
        return schema_of_line(T::least, T::most);
    } else if constexpr (detail::words<T>) {
        return schema_of_text(T::least, T::most);
    } else if constexpr (detail::moment<T>) {
        return schema_of_time();
    } else if constexpr (std::same_as<T, bool>) {
        return schema_of_type("boolean");
    } else if constexpr (std::same_as<T, double>) {
        return schema_of_type("number");
    } else if constexpr (requires { T::most_bytes; }) {
        return schema_of_json(T::most_bytes);
    } else {
        static_assert(std::same_as<T, datum>, "a member is of one of the kinds in model/limits.hpp");
        return schema_of_type("object");
    }
}

template <described T>
const datum& schema_of() {
    static const datum made = make_schema<T>();
    return made;
}

/// What somebody wants otherwise, and only that: null is a value; what is not named stays as it is.
template <described T>
struct patch {
    T values{};
    std::vector<std::string> named{};

    template <auto Member>
    bool names() const {
        return is_named(name_of_member<Member>());
    }
    template <auto Member>
    void set(auto value) {
        values.*Member = std::move(value);
        if (!names<Member>()) named.emplace_back(name_of_member<Member>());
    }
    void apply(T& to) const {
        with_members<T>(
            [&]<class... M> { ((is_named(M::name) ? void(to.*M::pointer = values.*M::pointer) : void()), ...); });
    }

private:
    bool is_named(std::string_view member) const { return std::ranges::count(named, member) > 0; }
    template <auto Member>
    static constexpr const char* name_of_member() {
        return boost::describe::descriptor_by_pointer<members_of<T>, Member>::name;
    }
};

/// Of a patch, what it names.
template <described T>
datum named_values(const patch<T>& p) {
    auto out = datum::object();
    for (auto& [name, value] : get(p.values).members)
        if (std::ranges::count(p.named, name) > 0) out.set(name, std::move(value));
    return out;
}

} // namespace switchboard
