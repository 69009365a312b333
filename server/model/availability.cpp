#include <switchboard/model/availability.hpp>

#include <switchboard/model/blending.hpp>

#include <algorithm>

namespace switchboard {

namespace {

using item = desk_load::item;

/// A message goes beside other work as an e-mail does.
std::string_view manners(const item& i) {
    return i.left_message ? std::string_view{"email"} : std::string_view{i.channel};
}

bool has_room_for(const desk_load& desk, const desk_load::channel& added, const std::vector<item>& held) {
    auto units = added.weight;
    std::int64_t same = 0;
    for (const auto& i : held) {
        const bool parks = i.interruptible && interrupts(added.name, manners(i));
        if (!goes_beside(manners(i), added.name) && !parks) return false;
        same += i.channel == added.name ? 1 : 0;
        if (i.interruptible && !can_wait(added.name)) continue;
        const auto of = std::ranges::find(desk.channels, i.channel, &desk_load::channel::name);
        units += of == desk.channels.end() ? 0 : of->weight;
    }
    return same < added.capacity && units <= desk.units;
}

bool has_room(const desk_load& desk, const std::vector<item>& held) {
    return std::ranges::any_of(desk.channels, [&](const desk_load::channel& c) {
        return std::ranges::find(desk.accepts, c.name) != desk.accepts.end() && has_room_for(desk, c, held);
    });
}

} // namespace

availability availability_of(const desk_load& desk) {
    if (desk.presence != "ready") return {desk.presence, std::nullopt};
    if (has_room(desk, desk.items))
        return desk.asked_again_at ? availability{"cooling", desk.asked_again_at} : availability{"ready", std::nullopt};
    auto held = desk.items; // without one wrap-up after the other, as they end
    for (;;) {
        const auto ends = [](const item& i) { return i.wrapup_until.value_or(timestamp::max()); };
        const auto first = std::ranges::min_element(held, {}, ends);
        if (first == held.end() || !first->wrapup_until) return {"full", std::nullopt};
        const auto until = first->wrapup_until;
        held.erase(first);
        if (has_room(desk, held)) return {"wrap_up", until};
    }
}

} // namespace switchboard
