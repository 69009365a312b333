#include "api/user_asked_for.hpp"

#include "api/wire/unique.hpp"

#include <charconv>

namespace switchboard::api {

result<std::optional<std::int64_t>> user_asked_for(const std::optional<text<1, 20>>& named, const std::string& field,
                                                   const principal& asker) {
    if (!named) return std::nullopt;
    const std::string& words = named->value;
    if (words == "me" && asker.user_id) return asker.user_id;
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), id);
    if (error != std::errc{} || end != words.data() + words.size())
        return std::unexpected{invalid_field(field, "must be a user's id, or me for somebody signed in")};
    return id;
}

} // namespace switchboard::api
