#pragma once

#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/preprocessor.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string_view>
#include <type_traits>
#include <vector>

/// A struct that describes itself: the names of its members, and a sentence about each.
///
///     struct skill { read_only<row_id> id, version; line<1, 100> name; };
///     DESCRIBE(skill, (id, "Its number."), (version, "Grows with each change."), (name, "What people call it."))
///
/// A member without a line does not compile, nor does a line without a sentence.
#define DESCRIBE(T, ...)                                                                                               \
    BOOST_DESCRIBE_STRUCT(T, (), (SWITCHBOARD_EACH_LINE(SWITCHBOARD_MEMBER_NAME, __VA_ARGS__)))                        \
    constexpr switchboard::words words_about(const T*) {                                                               \
        return {#T, {SWITCHBOARD_EACH_LINE(SWITCHBOARD_MEMBER_HELP, __VA_ARGS__)}};                                    \
    }                                                                                                                  \
    static_assert(switchboard::is_complete<T>(), "each member of " #T " needs its line, with a sentence that helps");

/// The same of a struct that has a described struct as its base, with its own members only.
#define DESCRIBE_DERIVED(T, Base, ...)                                                                                 \
    BOOST_DESCRIBE_STRUCT(T, (Base), (SWITCHBOARD_EACH_LINE(SWITCHBOARD_MEMBER_NAME, __VA_ARGS__)))                    \
    constexpr switchboard::words words_about(const T*) {                                                               \
        return {#T, {SWITCHBOARD_EACH_LINE(SWITCHBOARD_MEMBER_HELP, __VA_ARGS__)}};                                    \
    }                                                                                                                  \
    static_assert(switchboard::is_complete<T>(1), "each member of " #T " needs its line, with a sentence that helps");

#define SWITCHBOARD_EACH_LINE(what, ...)                                                                               \
    BOOST_PP_SEQ_ENUM(BOOST_PP_SEQ_TRANSFORM(what, _, BOOST_PP_VARIADIC_TO_SEQ(__VA_ARGS__)))
#define SWITCHBOARD_MEMBER_NAME(_, __, line) BOOST_PP_TUPLE_ELEM(0, line)
#define SWITCHBOARD_MEMBER_HELP(_, __, line) BOOST_PP_TUPLE_ELEM(1, line)

namespace switchboard {

constexpr std::size_t most_members = 52; // Boost.Describe takes no more

struct words {
    std::string_view noun;
    std::string_view help[most_members]; // in the order of the members
};

template <class T>
concept described = boost::describe::has_describe_members<T>::value;
template <class T>
concept enumeration = boost::describe::has_describe_enumerators<T>::value;

/// It has words about its members too: a noun, or a part of one.
template <class T>
concept declared = described<T> && requires(const T* t) { words_about(t); };

template <declared T>
constexpr words words_of() {
    return words_about(static_cast<T*>(nullptr));
}

template <described T>
using members_of = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
template <enumeration T>
using enumerators_of = boost::describe::describe_enumerators<T>;

namespace detail {
template <template <class...> class List, class... D, class F>
constexpr auto unpack(List<D...>, F f) {
    return f.template operator()<D...>();
}

struct anything {
    template <class T>
    operator T() const;
};
template <class T, class... Given>
consteval std::size_t count_members() {
    if constexpr (requires { T{Given{}..., anything{}}; })
        return count_members<T, Given..., anything>();
    else
        return sizeof...(Given);
}
} // namespace detail

/// Calls f.operator()<D...>() with what Boost.Describe knows of each member or name: one pack compiles faster than a
/// lambda for each.
template <described T, class F>
constexpr auto with_members(F f) {
    return detail::unpack(members_of<T>{}, f);
}
template <enumeration T, class F>
constexpr auto with_names(F f) {
    return detail::unpack(enumerators_of<T>{}, f);
}

namespace detail {
template <class Pointer>
struct owner_of;
template <class Member, class T>
struct owner_of<Member T::*> {
    using type = T;
};
} // namespace detail

/// The sentence about the member that Boost.Describe describes as D, which stands with the struct that has it.
template <class D>
constexpr std::string_view help_of() {
    using owner = typename detail::owner_of<std::remove_const_t<decltype(D::pointer)>>::type;
    static_assert(declared<owner>, "a member needs a sentence: DESCRIBE");
    using own = boost::describe::describe_members<owner, boost::describe::mod_public>;
    return detail::unpack(own{}, []<class... M> {
        std::string_view out;
        std::size_t i = 0;
        ((std::string_view{M::name} == D::name ? void(out = words_of<owner>().help[i++]) : void(++i)), ...);
        return out;
    });
}

template <declared T>
consteval bool is_complete(std::size_t bases = 0) {
    std::size_t sentences = 0;
    for (const auto help : words_of<T>().help) sentences += help.ends_with('.');
    return sentences + bases == detail::count_members<T>();
}

/// Names of two words, which are told with a dot between them: ticket_read is "ticket.read".
template <enumeration E>
inline constexpr bool is_dotted = false;

namespace detail {
template <class N>
constexpr auto letters = [] {
    std::array<char, std::string_view{N::name}.size()> out{};
    std::ranges::copy(std::string_view{N::name}, out.begin());
    if (is_dotted<std::remove_cv_t<decltype(N::value)>>) *std::ranges::find(out, '_') = '.';
    return out;
}();
} // namespace detail

/// How the name that Boost.Describe describes as N is told.
template <class N>
constexpr std::string_view spelled{detail::letters<N>.data(), detail::letters<N>.size()};

template <enumeration E>
constexpr std::string_view name_of(E value) {
    std::string_view out;
    with_names<E>([&]<class... N> { return ((value == N::value && (out = spelled<N>, true)) || ...); });
    return out;
}

/// In the order of the declaration.
template <enumeration E>
std::vector<std::string_view> all_names() {
    return with_names<E>([]<class... N> { return std::vector<std::string_view>{spelled<N>...}; });
}

namespace detail {
template <enumeration E>
constexpr auto joined = with_names<E>([]<class... N> {
    std::array<char, (spelled<N>.size() + ... + (sizeof...(N) - 1))> out{};
    auto* at = out.data();
    const auto add = [&](std::string_view name) {
        if (at != out.data()) *at++ = '|';
        at = std::ranges::copy(name, at).out;
    };
    (add(spelled<N>), ...);
    return out;
});
} // namespace detail

/// "in|out"
template <enumeration E>
constexpr std::string_view joined_names{detail::joined<E>.data(), detail::joined<E>.size()};

/// The value of this name.
template <enumeration E>
constexpr std::optional<E> named_value(std::string_view name) {
    std::optional<E> out;
    with_names<E>([&]<class... N> { return ((name == spelled<N> && (out = N::value, true)) || ...); });
    return out;
}

} // namespace switchboard
