#pragma once

#include <switchboard/model/datum.hpp>

#include <string>
#include <vector>

namespace switchboard::store {

/// How much of one value the audit keeps, before and after.
inline constexpr std::size_t audited_bytes = 4000;
/// How many items of a list that is longer than that, each as much; of a change, those that the other side has not.
inline constexpr std::size_t audited_items = 100;

/// The fields that differ, by their path, with what they were and are: {"ring_s": {"before": 20, "after": 30},
/// "settings.secret": "changed"}. Of what was made or removed the other side is an absent value. A secret, by its
/// schema or in `hidden` by its path, is only "changed"; what the server fills in itself is left out.
datum audit_changes(const datum& before, const datum& after, const datum& schema = {},
                    const std::vector<std::string>& hidden = {});

} // namespace switchboard::store
