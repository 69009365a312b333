#pragma once

#include <switchboard/model/action_kind.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/time.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

/// What a kind of action asks of the form and the object.
namespace switchboard {

/// What is wrong with the declaration. `of_object`: the fields of what it is done to, if it is done to something.
std::vector<field_error> wrong_declaration(const action_kind& kind, const std::vector<typed_field>* of_object);

/// The sentence of the first condition that does not fit; nothing: all fit. `object`: what is known of it, null if it
/// is done to nothing.
std::optional<std::string> why_not_eligible(const action_kind& kind, const nlohmann::json& form,
                                            const nlohmann::json& object, timestamp now);

} // namespace switchboard
