#pragma once

#include "api/wire/requests.hpp"
#include "api/wire/unique.hpp"

#include <switchboard/model/directory.hpp>
#include <switchboard/util/name.hpp>
#include <switchboard/util/text.hpp>

#include <expected>
#include <set>
#include <string>
#include <vector>

namespace switchboard::api {

/// "Needs follow-up" -> "needs_follow_up".
inline std::string id_of_name(std::string_view name) {
    std::string id;
    for (const char c : lower_ascii(name)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
        if (plain)
            id += c;
        else if (!id.empty() && id.back() != '_')
            id += '_';
    }
    if (id.ends_with('_')) id.pop_back();
    return id.empty() ? "other" : std::string{truncate_utf8(id, 60)};
}

/// The list of a queue: at least one that is offered, no two of one name or id.
template <std::size_t Max>
std::expected<std::vector<disposition>, problem> dispositions_of(const list<disposition_in, Max>& in) {
    std::vector<disposition> out;
    std::set<std::string> ids, names;
    bool offered = false;
    for (std::size_t i = 0; i < in.items.size(); ++i) {
        const auto& one = in.items[i];
        const auto at = "dispositions[" + std::to_string(i) + "]";
        if (!names.insert(same_name_form(one.name.value)).second)
            return std::unexpected{invalid_field(at + ".name", "is in the list already")};
        auto id = one.id ? one.id->value : id_of_name(one.name.value);
        if (!one.id) // of "C" and "C++" the second is c_2
            for (int n = 2; ids.contains(id); ++n) id = id_of_name(one.name.value) + "_" + std::to_string(n);
        if (!ids.insert(id).second) return std::unexpected{invalid_field(at + ".id", "is in the list already")};
        offered = offered || !one.retired.value_or(false);
        out.push_back({std::move(id), one.name.value, one.retired.value_or(false)});
    }
    if (!offered) return std::unexpected{invalid_field("dispositions", "must have one that is not retired")};
    return out;
}

} // namespace switchboard::api
