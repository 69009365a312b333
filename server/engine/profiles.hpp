#pragma once

#include <switchboard/engine/explanation.hpp>

#include "engine/classes.hpp"

#include <map>
#include <optional>
#include <utility>

namespace switchboard::routing {

/// What agents of one kind have in common; eligibility is decided between a profile and a class.
struct profile {
    int grade = 0;
    bool takes_work = true;
    std::vector<membership> memberships;                            // by queue
    std::vector<skill_level> skills;                                // by skill
    std::vector<std::pair<licence_type_id, std::int64_t>> licences; // valid now: (type, jurisdiction)
    auto operator<=>(const profile&) const = default;

    static profile of(const agent_config& agent, jurisdiction_names& names, timestamp now, seconds min_validity);
};

/// Where an eligible profile stands among all: by membership rank, then by what a static agent policy says.
struct standing {
    std::uint8_t rank = 0;
    std::uint32_t score = 0;
};

/// Whether this profile has what the class needs, now or after a delay of the membership.
bool is_suited(const profile& p, const demand& d);

/// docs/routing.md 2.2 rules 1 to 4 without what changes by the second. Says nothing of whether the queue is open.
std::optional<standing> standing_of(const profile& p, const demand& d, agent_policy policy);

/// Each reason of these rules for which the profile is not eligible.
exclusions exclusions_of(const profile& p, const demand& d);

/// The skills and licences of the class that the profile does not have.
std::vector<shortfall> lacks_of(const profile& p, const demand& d, const jurisdiction_names& names);

/// The next moment at which the set of the agent's valid licences changes.
std::optional<timestamp> next_licence_change(const agent_config& agent, timestamp now, seconds min_validity);

class profile_table {
public:
    struct found {
        index_t number;
        bool is_new;
    };
    found hold(profile p);
    /// True if nobody has this profile any more; its number may be given away.
    bool drop(index_t number);
    [[nodiscard]] const profile& operator[](index_t number) const { return *profiles_[number]; }
    [[nodiscard]] bool live(index_t number) const { return refs_[number] != 0; }
    [[nodiscard]] std::size_t slots() const { return profiles_.size(); }
    [[nodiscard]] std::size_t size() const { return numbers_.size(); }

private:
    std::map<profile, index_t> numbers_;
    std::vector<const profile*> profiles_; // keys of numbers_
    std::vector<std::uint32_t> refs_;
    std::vector<index_t> free_;
};

} // namespace switchboard::routing
