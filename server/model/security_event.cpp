#include <switchboard/model/security_event.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11.hpp>

namespace switchboard {

std::string_view name_of(security_kind k) {
    return boost::describe::enum_to_string(k, "");
}

std::size_t count_of_security_kinds() {
    return boost::mp11::mp_size<boost::describe::describe_enumerators<security_kind>>::value;
}

} // namespace switchboard
