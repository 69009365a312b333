#include <switchboard/model/datum.hpp>

#include <algorithm>
#include <stdexcept>

namespace switchboard {

datum datum::list() {
    return list(std::vector<datum>{});
}

datum datum::list(std::vector<datum> items) {
    datum out;
    out.is = kind::list;
    out.items = std::move(items);
    return out;
}

datum datum::object() {
    return object(members_type{});
}

datum datum::object(members_type members) {
    datum out;
    out.is = kind::object;
    out.members = std::move(members);
    return out;
}

datum datum::secret(std::string words) {
    datum out{std::move(words)};
    out.is = kind::secret;
    return out;
}

const datum& datum::operator[](std::string_view member) const {
    static const datum none;
    const auto found = std::ranges::find(members, member, &members_type::value_type::first);
    return found == members.end() ? none : found->second;
}

void datum::set(std::string_view member, datum value) {
    const auto found = std::ranges::find(members, member, &members_type::value_type::first);
    if (found == members.end())
        members.emplace_back(member, std::move(value));
    else
        found->second = std::move(value);
}

void datum::remove(std::string_view member) {
    std::erase_if(members, [&](const auto& one) { return one.first == member; });
}

bool unreadable(const datum& value) {
    throw std::invalid_argument{"this program cannot read the value \"" +
                                (value.is == datum::kind::secret ? "…" : value.text) + "\" of kind " +
                                std::to_string(static_cast<int>(value.is))};
}

} // namespace switchboard
