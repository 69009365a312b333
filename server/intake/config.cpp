#include <switchboard/intake/config.hpp>

#include "intake/classify.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/intake/mailboxes.hpp>
#include <switchboard/store/intake.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ranges>

namespace switchboard::intake {
namespace {

using nlohmann::json;

template <class T>
std::vector<T> list(const json& object, const char* key) {
    const auto it = object.find(key);
    return it == object.end() || it->is_null() ? std::vector<T>{} : it->get<std::vector<T>>();
}

std::vector<std::string> lower_list(const json& object, const char* key) {
    auto out = list<std::string>(object, key);
    for (auto& text : out) text = lower_ascii(text);
    return out;
}

std::optional<std::int64_t> number(const json& object, const char* key) {
    const auto it = object.find(key);
    if (it == object.end() || it->is_null()) return std::nullopt;
    return it->get<std::int64_t>();
}

classification_rule read_rule(const rule& row) {
    const auto when = own_json(row.conditions), then = own_json(row.actions);
    classification_rule out;
    out.id = row.id;
    out.gateway_ids = list<std::int64_t>(when, "gateway_ids");
    out.channels = list<std::string>(when, "channels");
    out.addresses = lower_list(when, "addresses");
    for (const auto& word : list<std::string>(when, "words")) out.words.push_back(fold(word));
    std::erase(out.words, "");
    out.languages = lower_list(when, "languages");

    out.queue_id = number(then, "queue_id");
    out.priority = number(then, "priority");
    out.tier = number(then, "tier");
    out.difficulty = number(then, "difficulty");
    for (const auto& s : list<json>(then, "skills"))
        out.skills.push_back({s.at("skill_id").get<std::int64_t>(), s.value("min", std::int64_t{1})});
    for (const auto& l : list<json>(then, "licences"))
        out.licences.push_back({l.at("licence_id").get<std::int64_t>(), l.at("jurisdiction").get<std::string>()});
    out.language = then.value("language", "");
    out.stop = then.value("stop", false);
    return out;
}

} // namespace

const intake_gateway* intake_config::find(std::string_view gateway_name) const {
    const auto it = gateway_names.find(gateway_name);
    return it == gateway_names.end() ? nullptr : &gateways.at(it->second);
}

intake_config make_config(const store::intake_rows& rows) {
    intake_config out;
    out.instance_secret = rows.instance_secret;
    out.promises = rows.promises;
    for (const auto& q : rows.queues) {
        out.queues.emplace(q.id, q);
        out.acknowledges = out.acknowledges || !q.acknowledgement.empty();
    }
    for (const auto& row : rows.gateways) {
        if (const auto damage = rows.damaged.find(row.id); damage != rows.damaged.end()) {
            log::error("gateway_left_out", {{"gateway", row.name}, {"reason", damage->second}});
            continue;
        }
        const auto secrets = rows.secrets.find(row.id);
        auto settings = secrets == rows.secrets.end()
                            ? channels::settings_from_json(row.settings)
                            : channels::settings_from_json(with_secrets(row.settings, secrets->second));
        if (!settings) {
            log::error("gateway_left_out", {{"gateway", row.name}, {"reason", settings.error()}});
            continue;
        }
        intake_gateway g;
        g.id = row.id;
        g.name = row.name;
        g.kind = row.kind;
        g.settings = std::move(*settings);
        g.enabled = row.enabled;
        g.queue_id = row.queue_id;
        out.mailboxes += receives_mail(g.kind);
        g.from_name = row.from_name;
        g.from_address = row.from_address;
        if (g.kind != "widget") // there they are the web pages that may show it
            for (const auto& own : g.settings.own_addresses) out.own_addresses.insert(lower_ascii(own));
        if (!g.from_address.empty()) out.own_addresses.insert(lower_ascii(g.from_address));
        out.gateway_names.emplace(g.name, g.id);
        out.gateways.emplace(g.id, std::move(g));
    }
    for (auto& g : out.gateways | std::views::values) {
        g.reading = g.settings;
        if (!receives_mail(g.kind)) continue;
        g.reading.own_addresses.assign(out.own_addresses.begin(), out.own_addresses.end());
        g.reading.forwarders.insert(g.reading.forwarders.end(), rows.colleagues.begin(), rows.colleagues.end());
    }
    for (const auto& row : rows.rules) {
        try {
            out.rules.push_back(read_rule(row));
        } catch (const json::exception& e) {
            log::error("rule_left_out", {{"rule", row.id}, {"reason", e.what()}});
        }
    }
    return out;
}

bool may_embed(const intake_gateway& gateway, std::string_view origin) {
    const auto& allowed = gateway.settings.own_addresses;
    return allowed.empty() || std::ranges::find(allowed, origin) != allowed.end();
}

} // namespace switchboard::intake
