#pragma once

#include <switchboard/model/describe.hpp>

#include <boost/core/type_name.hpp>
#include <boost/describe.hpp>
#include <boost/mp11/algorithm.hpp>

#include <string>
#include <string_view>

/// What is known of a wire type beyond its C++ declaration. DESCRIBE names the fields, with a sentence about each;
/// `field` adds what the C++ type cannot say.
namespace switchboard::api {

/// Of the field that Member points to. Specialise where it differs from this.
struct plain_field {
    static constexpr std::string_view name{};           // on the wire, where C++ must call it something else
    static constexpr std::string_view choices{};        // "in|out": the only values of a text
    static constexpr bool json = false;                 // the text is a JSON object already
    static constexpr std::string (*schema)() = nullptr; // of that object; null = any
    static constexpr bool hidden = false;               // is not on the wire
};
/// Of a text that is always a name of E.
template <enumeration E>
struct name_field : plain_field {
    static constexpr std::string_view choices = joined_names<E>;
};
template <auto Member>
struct field : plain_field {};

/// Calls visit(descriptor) for each field, those of bases first.
template <described T, class F>
constexpr void each_field(F&& visit) {
    using fields = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;
    boost::mp11::mp_for_each<fields>([&](auto descriptor) {
        if constexpr (!field<decltype(descriptor)::pointer>::hidden) visit(descriptor);
    });
}

/// Gateways' senders may say more than is read.
template <class T>
inline constexpr bool may_say_more = false;

template <class Descriptor>
std::string field_name() {
    using about = field<Descriptor::pointer>;
    return about::name.empty() ? std::string{Descriptor::name} : std::string{about::name};
}

/// The type's own name without namespaces: its name in the published schema.
template <class T>
std::string type_name() {
    const auto full = boost::core::type_name<T>();
    const auto at = full.rfind("::");
    return at == std::string::npos ? full : full.substr(at + 2);
}

} // namespace switchboard::api
