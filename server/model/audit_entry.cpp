#include <switchboard/model/audit_entry.hpp>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11.hpp>

namespace switchboard {

std::string_view name_of(audit_kind k) {
    return boost::describe::enum_to_string(k, "");
}

std::size_t count_of_audit_kinds() {
    return boost::mp11::mp_size<boost::describe::describe_enumerators<audit_kind>>::value;
}

void audit_entry::by(const actor& who) {
    actor_id = who.user_id;
    session_id = who.session_id;
    token_id = who.token_id;
    address = who.address;
}

} // namespace switchboard
