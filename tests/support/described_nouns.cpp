#include "support/described_nouns.hpp"

#include "support/json_schema.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace switchboard::test {

using nlohmann::json;

std::set<std::string> described_nouns::paths() const {
    const auto& all = document_["paths"];
    std::set<std::string> out;
    for (const auto& [path, methods] : all.items()) {
        const auto one = all.value(path + "/{id}", json::object());
        if (methods.contains("get") && methods.contains("post") && one.contains("get") && one.contains("patch") &&
            one.contains("delete"))
            out.insert(path);
    }
    return out;
}

std::int64_t described_nouns::number_in(const std::string& table) {
    const auto last = [&] { return center_.number("SELECT coalesce(max(id), 0) FROM " + table); };
    auto path = "/api/v1/" + table + "s";
    std::ranges::replace(path, '_', '-');
    if (last() == 0 && paths().contains(path)) EXPECT_EQ(center_.admin.post(path, form(path)).status, 201) << path;
    return last();
}

json described_nouns::form(const std::string& path) {
    const auto known = [&](const std::string& name, const json& schema) -> json {
        if (const auto table = schema.value("x-refers-to", ""); !table.empty()) return number_in(table);
        if (name == "name") return "noun-" + std::to_string(++made_); // some stand in addresses
        if (name == "timezone") return "UTC";
        return nullptr;
    };
    const auto& body = document_["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"];
    return json_schema{document_}.value(body, false, known);
}

} // namespace switchboard::test
