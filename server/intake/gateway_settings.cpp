#include <switchboard/channels/normalize.hpp>
#include <switchboard/intake/gateway_settings.hpp>
#include <switchboard/model/gateway_secrets.hpp>
#include <switchboard/util/form.hpp>
#include <switchboard/util/json.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace switchboard::intake {
namespace {

using nlohmann::json;

/// The object that the last part of "imap.password" is a member of, and that part; null = there is none.
std::pair<json*, std::string> place_of(json& settings, std::string_view path) {
    const auto dot = path.find('.');
    if (dot == path.npos) return {&settings, std::string{path}};
    const auto inner = settings.find(path.substr(0, dot));
    return {inner != settings.end() && inner->is_object() ? &*inner : nullptr, std::string{path.substr(dot + 1)}};
}

/// As `shown_settings` writes it.
bool is_shown(const json& value) {
    return value.is_object() && value.contains("set") && std::ranges::all_of(value.items(), [](const auto& m) {
               return m.key() == "set" || m.key() == "changed_at";
           });
}

/// Those that are not removed.
std::map<std::string, secret_text> given(std::map<std::string, secret_text> secrets) {
    std::erase_if(secrets, [](const auto& one) { return one.second.empty(); });
    return secrets;
}

auto target_of(const imap_settings& i) {
    return std::tie(i.host, i.port, i.tls, i.ca);
}

/// Whether an address says with what to sign in there: https://user:password@host/.
bool has_credentials(std::string_view url) {
    const auto begin = url.find("://");
    if (begin == url.npos) return false;
    url.remove_prefix(begin + 3);
    return url.substr(0, url.find_first_of("/?#")).contains('@');
}

} // namespace

bool is_gateway_kind(std::string_view kind) {
    return std::ranges::find(channels::kinds(), kind) != channels::kinds().end();
}

std::string gateway_kinds() {
    return fmt::format("{}", fmt::join(channels::kinds(), ", "));
}

std::vector<gateway_kind> described_kinds(const std::string& id, timestamp at) {
    return channels::described_kinds(id, at);
}

std::expected<parted_settings, std::string> part_secrets(std::string_view text) {
    auto settings = own_json(text);
    parted_settings out;
    for (const auto path : gateway_secrets) {
        const std::string name{path};
        const auto [object, member] = place_of(settings, path);
        if (object == nullptr) {
            out.secrets[name] = {}; // what it belonged to is gone
            continue;
        }
        const auto value = object->find(member);
        if (value == object->end()) continue;
        if (value->is_null())
            out.secrets[name] = {};
        else if (value->is_string())
            out.secrets[name] = value->get<std::string>();
        else if (!is_shown(*value))
            return std::unexpected(name + ": must be a text, or null to remove it");
        object->erase(member);
    }
    out.open = settings.dump();
    return out;
}

std::optional<std::string> settings_error(const parted_settings& settings, std::string_view kind,
                                          const stored_gateway& before) {
    if (auto foreign = channels::foreign_setting(kind, with_secrets(settings.open, given(settings.secrets))))
        return foreign;
    auto all = settings.secrets;
    for (const auto& [name, since] : before.secrets) all.try_emplace(name, "(it stays as it is)");
    const auto read = channels::settings_from_json(with_secrets(settings.open, all));
    if (!read) return read.error();
    if (has_credentials(read->dial_url)) // asked of what is set from now on: one that is kept goes on working
        return "dial_url: must have no user or password in it, which all who read the set-up would see: what goes "
               "there "
               "is signed with the secret";
    if (!before.secrets.contains("imap.password") || settings.secrets.contains("imap.password")) return std::nullopt;
    // Whoever may change settings may not read secrets, and would by having one sent to a server of theirs.
    const auto old = channels::settings_from_json(to_json(before.settings));
    if (old && target_of(old->imap) == target_of(read->imap)) return std::nullopt;
    return "imap.password: must be given again, because host, port, tls or ca change where it is sent";
}

std::string shown_settings(const stored_gateway& g) {
    auto settings = own_json(to_json(g.settings));
    for (const auto path : gateway_secrets) {
        const auto [object, member] = place_of(settings, path);
        if (object == nullptr) continue;
        const auto since = g.secrets.find(std::string{path});
        const bool set = since != g.secrets.end() || object->contains(member);
        (*object)[member] = {{"set", set},
                             {"changed_at", since == g.secrets.end() ? json() : json(to_rfc3339(since->second))}};
    }
    return settings.dump();
}

std::string with_secrets(std::string_view text, const std::map<std::string, secret_text>& secrets) {
    auto settings = own_json(text);
    for (const auto& [path, words] : secrets)
        if (const auto [object, member] = place_of(settings, path); object != nullptr)
            (*object)[member] = words.reveal();
    return settings.dump(-1, ' ', false, json::error_handler_t::replace);
}

namespace {

constexpr auto sealed = " Sealed and never shown: without it, or with what is shown in its place, it stays; null or an "
                        "empty text removes it.";

json schema_of(const gateway_setting& setting, bool shown) {
    if (setting.type == "texts") return {{"type", "array"}, {"items", {{"type", "string"}}}};
    if (setting.type == "number") return {{"type", "integer"}, {"format", "int64"}};
    if (setting.type == "yes") return {{"type", "boolean"}};
    if (setting.type == "choice") return {{"type", "string"}, {"enum", setting.choices}};
    if (setting.type == "text") return {{"type", "string"}};
    if (!shown) return {{"type", {"string", "null"}}, {"writeOnly", true}};
    return {{"type", "object"},
            {"readOnly", true},
            {"properties",
             {{"set", {{"type", "boolean"}, {"description", "Whether there is one."}}},
              {"changed_at",
               {{"type", {"string", "null"}},
                {"format", "date-time"},
                {"description", "Since when; null: nobody knows."}}}}},
            {"required", {"set", "changed_at"}}};
}

std::string settings_schema(bool shown) {
    const auto closed_object = [] {
        return json{{"type", "object"}, {"properties", json::object()}, {"additionalProperties", false}};
    };
    auto out = closed_object();
    for (const auto& member : channels::all_settings()) {
        const auto dot = member.name.find('.');
        auto* into = &out;
        if (dot != member.name.npos) {
            auto& inner = out["properties"][member.name.substr(0, dot)];
            if (inner.is_null()) {
                inner = closed_object();
                inner["description"] = "What belongs to " + member.name.substr(0, dot) + ".";
            }
            into = &inner;
        }
        auto& schema = (*into)["properties"][member.name.substr(dot == member.name.npos ? 0 : dot + 1)];
        schema = schema_of(member, shown);
        schema["description"] = member.help + (schema.value("writeOnly", false) ? sealed : "");
    }
    return out.dump();
}

} // namespace

std::string written_settings_schema() {
    return settings_schema(false);
}

std::string shown_settings_schema() {
    return settings_schema(true);
}

} // namespace switchboard::intake
