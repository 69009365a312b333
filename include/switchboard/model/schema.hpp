#pragma once

#include <switchboard/model/datum.hpp>
#include <switchboard/model/describe.hpp>

/// JSON Schema (2020-12, as OpenAPI 3.1 uses it) as a value. The schema that is published also judges what is sent
/// (util/form.hpp) and names the columns (store/nouns.hpp).
namespace switchboard {

/// "boolean", "number", "object".
datum schema_of_type(std::string_view type);
datum schema_of_text(std::int64_t least, std::int64_t most);
/// "x-one-line": what is sent is made one plain line before it is judged.
datum schema_of_line(std::int64_t least, std::int64_t most);
datum schema_of_integer(std::int64_t least, std::int64_t most);
/// The number of a row of this table: "x-refers-to" names it, for who checks that there is one and for who offers a
/// choice.
datum schema_of_reference(std::string_view table);
datum schema_of_list(datum items, std::int64_t least, std::int64_t most);
datum schema_of_choice(std::vector<std::string_view> names);
datum schema_of_time();
/// An object whose inside is another's to judge: "x-max-bytes".
datum schema_of_json(std::int64_t most_bytes);
datum schema_of_secret(std::int64_t least, std::int64_t most);
datum schema_or_null(datum schema);
datum schema_read_only(datum schema);
datum schema_write_only(datum schema);
/// "x-fixed": it is in the form for creating alone.
datum schema_fixed(datum schema);
/// "x-assigned": it need not be sent, and has no default that could be told beforehand.
datum schema_assigned(datum schema);

/// Of an object, whose name is its title. `fresh` is what a new one holds: a member that may hold that need not be
/// sent, and has it as default.
datum schema_of_members(datum properties, const words& about, const datum& fresh);

/// Whether a value of the program's own is within the schema's limits.
bool fits(const datum& value, const datum& schema);

/// The schema of what is asked for: without what is read-only; of a patch, nothing is required.
enum class form { create, patch };
datum schema_of_form(const datum& schema, form f);

/// The schema of what is told: everything is there at every depth, secrets say whether they are set.
datum schema_of_answer(const datum& schema);

} // namespace switchboard
