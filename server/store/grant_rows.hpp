#pragma once

#include <switchboard/model/permission.hpp>
#include <switchboard/model/refusal.hpp>

#include <pqxx/pqxx>

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What roles permit, in statements over users u.
namespace switchboard::store {

/// What all of his roles grant, as a column that grants_in() reads.
inline constexpr std::string_view granted_to_user = R"((
    SELECT coalesce(jsonb_agg(g), '[]') FROM role r, jsonb_array_elements(r.grants) AS g WHERE u.roles @> to_jsonb(r.id)
) AS granted)";
grants grants_in(const pqxx::row& r);

/// The queues that he is a member of, as a column that is an array.
inline constexpr std::string_view queues_of_user =
    "ARRAY(SELECT queue_id FROM queue_member m WHERE m.agent_id = u.id) AS queues";

/// Whether a role of his has this permission, as far as it may reach, as a condition.
std::string user_may(permission p);
/// The same by some of his roles r only.
std::string user_may(permission p, std::string_view by_roles);

/// Whether his roles permit that he is given work (model/permission.hpp), as a condition.
std::string user_takes_work();

/// What roles of these ids grant together.
grants grants_of_roles(pqxx::transaction_base& tx, const std::vector<std::int64_t>& ids);

/// Whoever asks what is left to people asks after all who have taken something from them before have committed.
void one_at_a_time(pqxx::transaction_base& tx);

/// What one person who can sign in must go on having together, who can give the rest back: who has only one of them
/// may give nothing that he has not (may_give).
inline constexpr std::array must_remain{permission::config_people, permission::config_roles};

/// Whether a user is such a person, as a condition; `may` says what his roles permit.
std::string user_keeps_the_keys(const std::function<std::string(permission)>& may);

/// Which of those was had and is not any more.
std::optional<permission> lost_key(const grants& had, const grants& has);

/// Asked after somebody who had the one has only the other: what he was the last to have.
std::optional<refusal> nobody_is_left(pqxx::transaction_base& tx, const grants& had, const grants& has);

} // namespace switchboard::store
