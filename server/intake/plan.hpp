#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/store/intake.hpp>

/// The decisions of a group commit, as pure functions: no clock, no database. The same group and the same answers give
/// the same rows.
namespace switchboard::intake {

/// Everything that the group needs to know. Quarantined contacts ask for nothing but whether they are known.
store::intake_questions questions_of(const store::intake_group& group, const intake_config& config);

/// What becomes of each item, in group order: a later item sees what an earlier one did.
store::intake_writes plan(const store::intake_group& group, const intake_config& config,
                          const store::intake_answers& answers);

} // namespace switchboard::intake
