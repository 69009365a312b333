#pragma once

#include "support/contact_center.hpp"

#include <set>
#include <string>

namespace switchboard::test {

/// The nouns as the server's own description tells them, so that a test of all of them takes in a new one by itself.
class described_nouns {
public:
    explicit described_nouns(const contact_center& center)
        : center_{center}, document_(center.server.stranger().get("/api/v1/openapi.json").json()) {}

    const nlohmann::json& document() const { return document_; }

    /// The lists of what is read, added, changed and deleted by a noun's five routes: "/api/v1/skills".
    std::set<std::string> paths() const;

    /// A form for a new one: no more than must be said, and a name that nothing has.
    nlohmann::json form(const std::string& path);

private:
    /// Of a row of the table, which is made if there is none.
    std::int64_t number_in(const std::string& table);

    const contact_center& center_;
    const nlohmann::json document_;
    int made_ = 0;
};

} // namespace switchboard::test
