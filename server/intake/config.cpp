#include <switchboard/intake/config.hpp>

#include "intake/word_search.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/store/intake.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <ranges>
#include <tuple>

namespace switchboard::intake {
namespace {

constexpr std::string_view mail_kinds[]{"email", "sendgrid", "mailgun", "postmark", "ses"};

using nlohmann::json;

classification_rule read_rule(const rule& row) {
    const auto& [when, then] = std::tie(row.conditions, row.actions);
    classification_rule out;
    out.id = row.id;
    out.gateway_ids.assign(when.gateway_ids.begin(), when.gateway_ids.end());
    for (const auto c : when.channels) out.channels.emplace_back(name_of(c));
    for (const auto& address : when.addresses) out.addresses.push_back(lower_ascii(address));
    for (const auto& word : when.words) out.words.push_back(fold(word));
    for (const auto& language : when.languages) out.languages.push_back(lower_ascii(language));

    const auto number = [](const auto& n) { return n ? std::optional{n->value} : std::nullopt; };
    out.queue_id = number(then.queue_id);
    out.priority = number(then.priority);
    out.tier = number(then.tier);
    out.difficulty = number(then.difficulty);
    out.skills = then.skills;
    out.licences = then.licences;
    out.language = then.language;
    out.stop = then.stop;
    return out;
}

} // namespace

bool receives_mail(std::string_view kind) {
    return std::ranges::find(mail_kinds, kind) != std::end(mail_kinds);
}

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
                            ? channels::settings_from_json(to_json(row.settings))
                            : channels::settings_from_json(with_secrets(to_json(row.settings), secrets->second));
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
    for (const auto& row : rows.rules) out.rules.push_back(read_rule(row));
    return out;
}

bool may_embed(const intake_gateway& gateway, std::string_view origin) {
    const auto& allowed = gateway.settings.own_addresses;
    return allowed.empty() || std::ranges::find(allowed, origin) != allowed.end();
}

} // namespace switchboard::intake
