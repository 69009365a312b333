#include "store/audit_changes.hpp"

#include <switchboard/util/form.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

namespace switchboard::store {
namespace {

using kind = datum::kind;

constexpr int deepest = 4; // what lies deeper is told whole

bool is_nothing(const datum& d) {
    return d.is == kind::absent || d.is == kind::null;
}

/// Whole, or its beginning; of a long list, each of its first items so.
datum kept_of(const datum& value) {
    const auto text = to_json(value);
    if (text.size() <= audited_bytes) return value;
    if (value.is == kind::list) {
        auto out = datum::list();
        for (const auto& item : value.items | std::views::take(audited_items)) out.items.push_back(kept_of(item));
        if (value.items.size() > audited_items)
            out.items.push_back(fmt::format("… (cut: {} items in all)", value.items.size()));
        return out;
    }
    return fmt::format("{}… (cut: {} bytes in all)", truncate_utf8(text, audited_bytes), text.size());
}

/// What the one has and the other has not: what has changed in a long list is not cut away behind what has not.
datum only_in(const datum& list, const datum& other) {
    auto out = datum::list();
    for (const auto& item : list.items)
        if (std::ranges::find(other.items, item) == other.items.end()) out.items.push_back(item);
    return out;
}

bool is_long(const datum& value) {
    return to_json(value).size() > audited_bytes;
}

class comparison {
public:
    explicit comparison(const std::vector<std::string>& hidden) : hidden_{hidden} {}

    void compare(const std::string& path, const datum& before, const datum& after, const datum& schema, int depth) {
        if (before == after || (is_nothing(before) && is_nothing(after))) return;
        if (is_secret(path, before, after, schema)) return out.set(path, "changed");
        const bool opens = before.is == kind::object || after.is == kind::object;
        const bool whole =
            before.is == kind::object ? !is_nothing(after) && after.is != kind::object : !is_nothing(before);
        if (opens && !whole && depth < deepest) return compare_members(path, before, after, schema, depth + 1);
        auto change = datum::object();
        if (before.is == kind::list && after.is == kind::list && (is_long(before) || is_long(after))) {
            change.set("before", kept_of(only_in(before, after)));
            change.set("after", kept_of(only_in(after, before)));
            return out.set(path, std::move(change)); // of another order alone: nothing on either side
        }
        if (before.exists()) change.set("before", kept_of(before));
        if (after.exists()) change.set("after", kept_of(after));
        out.set(path, std::move(change));
    }

    void compare_members(const std::string& path, const datum& before, const datum& after, const datum& schema,
                         int depth) {
        const auto one = [&](const std::string& name) {
            const auto& about = schema["properties"][name];
            if (about["readOnly"].exists()) return;
            compare(path.empty() ? name : path + '.' + name, before[name], after[name], about, depth);
        };
        for (const auto& [name, value] : before.members) one(name);
        for (const auto& [name, value] : after.members)
            if (!before[name].exists()) one(name);
    }

    datum out = datum::object();

private:
    bool is_secret(const std::string& path, const datum& before, const datum& after, const datum& schema) const {
        if (before.is == kind::secret || after.is == kind::secret || std::ranges::count(hidden_, path) > 0) return true;
        if (schema["writeOnly"].exists()) return true;
        return std::ranges::any_of(schema["anyOf"].items,
                                   [](const datum& either) { return either["writeOnly"].exists(); });
    }

    const std::vector<std::string>& hidden_;
};

} // namespace

datum audit_changes(const datum& before, const datum& after, const datum& schema,
                    const std::vector<std::string>& hidden) {
    comparison c{hidden};
    c.compare_members("", before, after, schema, 0);
    return std::move(c.out);
}

} // namespace switchboard::store
