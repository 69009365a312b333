#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/util/json.hpp>

#include <expected>
#include <string>
#include <string_view>

/// Nouns as JSON: what somebody sends, judged by the schema that is published, and what is told.
namespace switchboard {

/// What is told: secrets only say whether they are set.
std::string to_json(const datum& value);

/// A column of ours that holds JSON.
datum from_own_json(std::string_view json);

/// JSON from outside, within these bounds. The error is what stands behind "the text is": "not JSON".
std::expected<datum, std::string> from_outside_json(std::string_view json, const json_bounds& bounds = {});

/// What was sent as `f` of something with this schema, with texts trimmed and times read; or all that is wrong with it,
/// each with the path of its field, like "skills[2].min".
std::expected<datum, refusal> judge(datum sent, const datum& schema, form f);

/// The form of a noun, judged by its own schema.
template <described T>
std::expected<patch<T>, refusal> read_form(datum sent, form f) {
    const auto asked = judge(std::move(sent), schema_of<T>(), f);
    if (!asked) return std::unexpected{asked.error()};
    patch<T> out;
    put(out.values, *asked);
    for (const auto& [name, value] : asked->members) out.named.push_back(name);
    return out;
}

} // namespace switchboard
