#pragma once

#include <switchboard/model/absence_reason.hpp>
#include <switchboard/model/action_kind.hpp>
#include <switchboard/model/calendar.hpp>
#include <switchboard/model/gateway.hpp>
#include <switchboard/model/object_kind.hpp>
#include <switchboard/model/organization.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/role.hpp>
#include <switchboard/model/rule.hpp>
#include <switchboard/model/skill.hpp>
#include <switchboard/model/sla_target.hpp>
#include <switchboard/model/token.hpp>
#include <switchboard/model/user.hpp>
#include <switchboard/store/nouns.hpp>

/// The nouns that are kept by store/nouns.hpp: a new one has its name in this list, and its table with its rules in
/// store/directory.
#define SWITCHBOARD_NOUNS(each)                                                                                        \
    each(absence_reason) each(action_kind) each(action_limit) each(calendar) each(gateway) each(licence)               \
        each(object_kind) each(organization) each(queue) each(role) each(rule) each(skill) each(sla_target)            \
            each(token) each(user)

namespace switchboard::store {

#define SWITCHBOARD_HAS_TABLE(noun)                                                                                    \
    template <>                                                                                                        \
    const noun_table& table_of<noun>();
SWITCHBOARD_NOUNS(SWITCHBOARD_HAS_TABLE)
#undef SWITCHBOARD_HAS_TABLE

} // namespace switchboard::store
