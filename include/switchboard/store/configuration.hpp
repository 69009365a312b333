#pragma once

#include <switchboard/model/absence_reason.hpp>
#include <switchboard/model/calendar.hpp>
#include <switchboard/model/queue.hpp>
#include <switchboard/model/rule.hpp>
#include <switchboard/model/skill.hpp>
#include <switchboard/model/sla_target.hpp>
#include <switchboard/store/nouns.hpp>

/// The nouns of the configuration that are kept by store/nouns.hpp. A new one has its line here, and its table with its
/// rules in store/directory.
namespace switchboard::store {

template <>
const noun_table& table_of<skill>();
template <>
const noun_table& table_of<licence>();
template <>
const noun_table& table_of<queue>();
template <>
const noun_table& table_of<rule>();
template <>
const noun_table& table_of<calendar>();
template <>
const noun_table& table_of<sla_target>();
template <>
const noun_table& table_of<absence_reason>();

} // namespace switchboard::store
