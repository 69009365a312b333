#include <switchboard/util/address.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/util/secret_box.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace switchboard {
namespace {

using errors = std::vector<std::string>;

std::string_view section_of(std::string_view key) {
    return key.substr(0, key.find('.'));
}
std::string_view name_of(std::string_view key) {
    return key.substr(key.find('.') + 1);
}

/// Sets one value, or says what is wrong with it. `where` is how the reader knows the value: key or variable.
void set_number(config& c, const setting& s, std::int64_t value, std::string_view where, errors& wrong) {
    if (value < s.least || value > s.most)
        wrong.push_back(fmt::format("{}: {} is not between {} and {}", where, value, s.least, s.most));
    else
        c.*std::get<std::int64_t config::*>(s.member) = value;
}

void set_text(config& c, const setting& s, std::string value, std::string_view where, errors& wrong) {
    if (!s.choices.empty() && std::ranges::find(s.choices, std::string_view{value}) == s.choices.end())
        wrong.push_back(fmt::format("{}: '{}' is none of {}", where, value, fmt::join(s.choices, ", ")));
    else
        c.*std::get<std::string config::*>(s.member) = std::move(value);
}

void read_entry(config& c, const setting& s, const toml::node& node, errors& wrong) {
    if (std::holds_alternative<std::int64_t config::*>(s.member)) {
        if (const auto* number = node.as_integer())
            set_number(c, s, number->get(), s.key, wrong);
        else
            wrong.push_back(fmt::format("{}: must be a whole number", s.key));
    } else if (const auto* text = node.as_string())
        set_text(c, s, text->get(), s.key, wrong);
    else
        wrong.push_back(fmt::format("{}: must be a text in quotes", s.key));
}

void read_file(config& c, const std::filesystem::path& file, errors& wrong) {
    toml::table table;
    try {
        table = toml::parse_file(file.string());
    } catch (const toml::parse_error& e) {
        wrong.push_back(fmt::format("{}:{}: {}", file.string(), e.source().begin.line, e.description()));
        return;
    }
    for (const auto& [section, content] : table) {
        const auto* entries = content.as_table();
        if (!entries) {
            wrong.push_back(fmt::format("{}: is not a section", section.str()));
            continue;
        }
        for (const auto& [name, node] : *entries) {
            const auto key = fmt::format("{}.{}", section.str(), name.str());
            const auto known = std::ranges::find(settings(), key, &setting::key);
            if (known == settings().end())
                wrong.push_back(fmt::format("{}: there is no such setting", key));
            else
                read_entry(c, *known, node, wrong);
        }
    }
}

std::optional<std::string> secret_from_file(const std::string& path, const std::string& variable, errors& wrong) {
    std::ifstream in(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(in), {}};
    if (!in) {
        wrong.push_back(fmt::format("{}: cannot read {}", variable, path));
        return std::nullopt;
    }
    return std::string(trim(content));
}

void read_environment(config& c, const environment& env, errors& wrong) {
    for (const auto& s : settings()) {
        auto variable = environment_name(s);
        auto value = env(variable);
        if (s.secret) {
            if (const auto path = env(variable + "_FILE")) {
                if (value) wrong.push_back(fmt::format("{0} and {0}_FILE are both set", variable));
                variable += "_FILE";
                value = secret_from_file(*path, variable, wrong);
            }
        }
        if (!value) continue;
        if (std::holds_alternative<std::string config::*>(s.member)) {
            set_text(c, s, *value, variable, wrong);
            continue;
        }
        std::int64_t number = 0;
        const auto* end = value->data() + value->size();
        if (const auto [stop, failure] = std::from_chars(value->data(), end, number);
            failure != std::errc{} || stop != end)
            wrong.push_back(fmt::format("{}: '{}' is not a whole number", variable, *value));
        else
            set_number(c, s, number, variable, wrong);
    }
}

/// What a browser sends as Origin (RFC 6454 6.2): scheme://host[:port] and no more.
bool is_origin(std::string_view url) {
    const auto scheme = url.starts_with("https://") ? 8u : url.starts_with("http://") ? 7u : 0u;
    const auto host = url.substr(scheme);
    return scheme > 0 && !host.empty() && host.find_first_of("/?#@ \\") == host.npos;
}

void check_together(const config& c, errors& wrong) {
    if (const auto keys = secret_box::with_keys(c.secret_key); !keys)
        wrong.push_back(fmt::format("secret.key: {}", keys.error()));
    if (c.server_tls_certificate.empty() != c.server_tls_key.empty())
        wrong.emplace_back("server.tls_certificate and server.tls_key: set both or neither");
    if (const auto proxies = networks::parse(c.server_trusted_proxies); !proxies)
        wrong.push_back("server.trusted_proxies: " + proxies.error());
    if (!c.server_public_url.empty() && !is_origin(c.server_public_url))
        wrong.emplace_back("server.public_url: must be http://host or https://host, with a port if need be, no path");
    if (!c.server_ops_address.empty() && !c.server_ops_address.contains(':'))
        wrong.emplace_back("server.ops_address: must be host:port");
    if (c.strangers_sockets_percent + c.strangers_chat_sockets_percent > 90)
        wrong.emplace_back(
            "strangers.sockets_percent and strangers.chat_sockets_percent: must leave 10 for who is known");
}

std::string toml_value(const config& c, const setting& s) {
    if (const auto* number = std::get_if<std::int64_t config::*>(&s.member)) return std::to_string(c.**number);
    const auto& text = c.*std::get<std::string config::*>(s.member);
    if (s.secret && !text.empty()) return "\"(set, not shown)\"";
    std::ostringstream quoted;
    quoted << toml::value<std::string>{text};
    return quoted.str();
}

} // namespace

std::string environment_name(const setting& s) {
    std::string name = "SWITCHBOARD_";
    for (const char c : s.key) name += c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    return name;
}

std::optional<std::string> process_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>{value} : std::nullopt;
}

std::expected<config, std::vector<std::string>> load_config(const std::optional<std::filesystem::path>& file,
                                                            const environment& env) {
    config c;
    errors wrong;
    if (file) read_file(c, *file, wrong);
    read_environment(c, env, wrong);
    check_together(c, wrong);
    if (!wrong.empty()) return std::unexpected(std::move(wrong));
    return c;
}

std::string to_toml(const config& c) {
    std::string out, section;
    for (const auto& s : settings()) {
        if (section_of(s.key) != section) {
            section = section_of(s.key);
            out += fmt::format("{}[{}]\n", out.empty() ? "" : "\n", section);
        }
        out += fmt::format("# {}\n{} = {}\n", s.about, name_of(s.key), toml_value(c, s));
    }
    return out;
}

} // namespace switchboard
