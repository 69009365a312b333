#pragma once

#include <switchboard/model/noun.hpp>

namespace switchboard {

/// The company, office or family that customers belong to.
struct organization {
    read_only<row_id> id;
    line<1, 200> name;
    text<0, 20'000> notes;
    read_only<row_id> version;
};
DESCRIBE(organization, (id, "Its number."), (name, "What it is called."), (notes, "What agents should know."),
         (version, "Grows with each change; If-Match compares it."))

} // namespace switchboard
