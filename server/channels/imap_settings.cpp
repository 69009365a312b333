#include "channels/imap_settings.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <variant>

namespace switchboard::channels {

namespace {

using nlohmann::json;
using imap_text = std::string imap_settings::*;
using imap_secret = secret_text imap_settings::*;
using imap_number = std::int64_t imap_settings::*;

struct setting_row {
    std::variant<imap_text, imap_number, imap_secret> field;
    std::string_view label, help, example;
    std::vector<std::string> choices = {};
};

const std::map<std::string, setting_row, std::less<>> fields = {
    {"host",
     {&imap_settings::host, "Mail server", "Whose mailbox is fetched by IMAP; empty = none is.", "imap.example.org"}},
    {"port", {&imap_settings::port, "Port", "0 = 993, or 143 where TLS begins later.", "993"}},
    {"tls",
     {&imap_settings::tls,
      "Encryption",
      "How the connection is kept from others.",
      "",
      {"implicit", "starttls", "none"}}},
    {"user", {&imap_settings::user, "User", "Who signs in there.", "support@example.org"}},
    {"password",
     {&imap_settings::password, "Password", "Or env:SWITCHBOARD_IMAP_…, a variable of the server that holds it.", ""}},
    {"folder", {&imap_settings::folder, "Folder", "Which is fetched.", "INBOX"}},
    {"after",
     {&imap_settings::after, "After a mail is taken in", "keep, seen, delete, or move:<folder>.", "move:Done"}},
    {"poll_s", {&imap_settings::poll_s, "Look every (s)", "Where the server does not tell of new mail.", "60"}},
    {"ca",
     {&imap_settings::ca, "Certificates", "PEM of who may vouch for the server; empty = whom the system trusts.", ""}},
};

constexpr std::size_t longest_setting = 500, longest_ca = 100'000;

/// A line break would be a command of its own to the mail server.
bool is_one_line(const std::string& text) {
    return text.size() <= longest_setting &&
           std::ranges::none_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

bool is_pem(const std::string& text) {
    return text.size() <= longest_ca && text.contains("-----BEGIN CERTIFICATE-----");
}

std::string wrong_value(const imap_settings& imap) {
    if (imap.host.empty()) return "imap.host: is missing";
    if (imap.host.find_first_of("/@? ") != std::string::npos) return "imap.host: must be a name or an address";
    if (imap.user.empty()) return "imap.user: is missing";
    if (imap.folder.empty()) return "imap.folder: must not be empty";
    if (imap.port < 0 || imap.port > 65'535) return "imap.port: must be between 1 and 65535, or 0 for the usual one";
    if (imap.poll_s < 1 || imap.poll_s > 86'400) return "imap.poll_s: must be between 1 and 86400";
    if (imap.tls != "implicit" && imap.tls != "starttls" && imap.tls != "none")
        return "imap.tls: must be implicit, starttls or none";
    if (!imap.ca.empty() && !is_pem(imap.ca)) return "imap.ca: must be certificates in PEM";
    const bool moves = imap.after.starts_with("move:") && imap.after.size() > 5 && imap.after.substr(5) != imap.folder;
    if (!moves && imap.after != "keep" && imap.after != "seen" && imap.after != "delete")
        return "imap.after: must be keep, seen, delete or move:<another folder>";
    const auto& password = imap.password.reveal();
    if (password.starts_with("env:") && !password.starts_with("env:SWITCHBOARD_IMAP_"))
        return "imap.password: a variable's name must begin with SWITCHBOARD_IMAP_";
    return {};
}

} // namespace

std::expected<imap_settings, std::string> imap_from_json(const json& value) {
    imap_settings out;
    if (value.is_null()) return out;
    if (!value.is_object()) return std::unexpected("imap: must be an object");
    for (const auto& [name, element] : value.items()) {
        const auto field = fields.find(name);
        if (field == fields.end()) return std::unexpected(fmt::format("imap.{}: unknown field", name));
        if (element.is_null()) continue;
        if (const auto* text = std::get_if<imap_text>(&field->second.field)) {
            const bool lines = *text == &imap_settings::ca;
            if (!element.is_string() || (!lines && !is_one_line(element.get_ref<const std::string&>())))
                return std::unexpected(fmt::format("imap.{}: must be one line of text", name));
            out.*(*text) = element.get<std::string>();
        } else if (const auto* secret = std::get_if<imap_secret>(&field->second.field)) {
            if (!element.is_string() || !is_one_line(element.get_ref<const std::string&>()))
                return std::unexpected(fmt::format("imap.{}: must be one line of text", name));
            out.*(*secret) = element.get<std::string>();
        } else {
            if (!element.is_number_integer())
                return std::unexpected(fmt::format("imap.{}: must be a whole number", name));
            out.*std::get<imap_number>(field->second.field) = element.get<std::int64_t>();
        }
    }
    if (auto wrong = wrong_value(out); !wrong.empty()) return std::unexpected(std::move(wrong));
    return out;
}

std::vector<gateway_setting> imap_members() {
    std::vector<gateway_setting> out;
    for (const auto& [name, row] : fields) {
        const auto* type = !row.choices.empty()                             ? "choice"
                           : std::holds_alternative<imap_number>(row.field) ? "number"
                           : std::holds_alternative<imap_secret>(row.field) ? "secret"
                                                                            : "text";
        out.push_back({"imap." + name, type, std::string{row.label}, std::string{row.help}, std::string{row.example},
                       row.choices});
    }
    return out;
}

} // namespace switchboard::channels
