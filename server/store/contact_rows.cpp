#include "store/contact_rows.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {
namespace {

using nlohmann::json;

json parties(const std::vector<party>& list) {
    auto out = json::array();
    for (const auto& p : list) out.push_back({{"kind", p.kind}, {"value", p.value}, {"name", p.name}});
    return out;
}

} // namespace

std::vector<party> parties_from(const json& recipients, const char* key) {
    std::vector<party> out;
    if (const auto it = recipients.find(key); it != recipients.end())
        for (const auto& p : *it) out.push_back({p.value("kind", ""), p.value("value", ""), p.value("name", "")});
    return out;
}

std::string recipients_json(const inbound_contact& c) {
    json out = json::object();
    if (!c.to.empty()) out["to"] = parties(c.to);
    if (!c.cc.empty()) out["cc"] = parties(c.cc);
    if (!c.reply_to.empty()) out["reply_to"] = parties(c.reply_to);
    return out.dump();
}

std::string recipients_json(const std::vector<party>& to, const std::vector<party>& cc) {
    return json{{"to", parties(to)}, {"cc", parties(cc)}}.dump();
}

} // namespace switchboard::store
