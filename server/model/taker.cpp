#include <switchboard/model/taker.hpp>

#include <switchboard/model/blending.hpp>

#include <algorithm>
#include <string_view>

namespace switchboard {

namespace {

/// A channel on which he has something in hand that the ticket does not go beside. Messages of callers go beside what
/// e-mails go beside.
std::optional<std::string> in_the_way(const taker& who) {
    const std::string_view added = who.left_message ? "email" : std::string_view{who.channel};
    for (const auto& held : who.in_hand)
        if (!goes_beside(held.channel, added) && !(held.interruptible && interrupts(added, held.channel)))
            return held.channel;
    return std::nullopt;
}

/// What fills his hands: the channel's places, or the units of all channels together.
std::optional<std::string> no_room(const taker& who) {
    if (who.has_room()) return std::nullopt;
    if (!who.places || !who.units) return "you have no room for one more";
    const auto places = who.places->capacity + who.places->extra;
    if (who.places->used < places) return "you are full: what you have in hand leaves no room for one more";
    return "you are full: " + std::to_string(who.places->used) + " of " + std::to_string(places) + " on the channel " +
           who.channel;
}

} // namespace

void taker::load::give_back(std::int64_t n) {
    used -= n;
    extra = std::max<std::int64_t>(0, std::min(extra, used - capacity));
}

void taker::give_back(std::int64_t weight_of_it) {
    if (places) places->give_back(1);
    if (units) units->give_back(weight_of_it);
}

void taker::end_its_wrapup() {
    for (const auto& held : in_hand)
        if (held.is_its_wrapup) give_back(held.weight);
    std::erase_if(in_hand, [](const item& held) { return held.is_its_wrapup; });
}

std::int64_t weight_of(bool interruptible, const std::string& channel, bool left_message, std::int64_t of_channel) {
    return interruptible && (left_message || can_wait(channel)) ? 0 : of_channel;
}

std::string shortcoming_of(const taker& who, bool rests_with_him) {
    std::string out;
    const auto lacks = [&out](const std::string& what) { out += (out.empty() ? "" : ", ") + what; };
    if (!rests_with_him && !who.is_member) lacks("not a member of the queue");
    if (!who.does_channel) lacks("the profile does not do this channel");
    if (!rests_with_him && !who.has_grade) lacks("the grade is below the difficulty");
    if (!rests_with_him && !who.lacking_skills.empty()) lacks(who.lacking_skills);
    return out;
}

std::optional<not_for_you> why_not_take(const taker& who, bool rests_with_him) {
    if (!who.takes_work) return not_for_you{no_work_for_you};
    if (who.uncovered_licence) return not_for_you{"licence: you do not hold a valid " + *who.uncovered_licence};
    const auto lacks = shortcoming_of(who, rests_with_him);
    if (!lacks.empty()) return not_for_you{"you cannot take this ticket: " + lacks};
    if (const auto held = in_the_way(who))
        return not_for_you{"you cannot take this ticket beside the " + *held + " that you have", true};
    if (const auto full = no_room(who)) return not_for_you{*full, true};
    return std::nullopt;
}

} // namespace switchboard
