#include "app/normalize_command.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/text.hpp>

#include "app/exit_code.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <expected>
#include <filesystem>
#include <memory>
#include <optional>

namespace switchboard::app {

namespace {

constexpr std::size_t output_bytes = 1u << 20;

struct close_file {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

std::optional<std::string> read_all(std::FILE* file, std::size_t expected = 0) {
    std::string bytes;
    bytes.reserve(expected);
    std::size_t got = 0;
    do {
        const auto had = bytes.size();
        if (had > 0 && had == expected) { // nearly always all of it, and one byte more would copy it
            const int next = std::fgetc(file);
            if (next == EOF) break;
            bytes += static_cast<char>(next);
            continue;
        }
        bytes.resize(std::max(had + std::min<std::size_t>(std::max<std::size_t>(had, 64u << 10), 4u << 20), expected));
        got = std::fread(bytes.data() + had, 1, bytes.size() - had, file);
        bytes.resize(had + got);
    } while (got > 0);
    return std::ferror(file) ? std::nullopt : std::optional(std::move(bytes));
}

std::expected<std::string, std::string> read_file(const std::string& path) {
    if (std::filesystem::is_directory(path)) return std::unexpected("is a directory");
    const std::unique_ptr<std::FILE, close_file> file(std::fopen(path.c_str(), "rb"));
    if (!file) return std::unexpected(std::strerror(errno));
    std::error_code unknown;
    const auto size = std::filesystem::file_size(path, unknown);
    auto bytes = read_all(file.get(), unknown ? 0 : static_cast<std::size_t>(size));
    if (!bytes) return std::unexpected(std::strerror(errno));
    return std::move(*bytes);
}

std::expected<gateway_settings, std::string> read_settings(const std::string& path) {
    if (path.empty()) return gateway_settings{};
    const auto text = read_file(path);
    if (!text) return std::unexpected(text.error());
    return channels::settings_from_json(*text);
}

using pairs = std::vector<std::pair<std::string, std::string>>;

std::expected<pairs, std::string> split_all(const std::vector<std::string>& texts, char separator) {
    pairs out;
    for (const auto& text : texts) {
        const auto at = text.find(separator);
        if (at == std::string::npos || at == 0)
            return std::unexpected(fmt::format("'{}' has no '{}'", text, separator));
        out.emplace_back(trim(text.substr(0, at)), trim(std::string_view(text).substr(at + 1)));
    }
    return out;
}

std::string content_type_of(const pairs& headers, std::string_view kind) {
    for (const auto& [name, value] : headers)
        if (lower_ascii(name) == "content-type") return value;
    if (kind == "email") return "message/rfc822";
    if (kind == "asterisk") return "text/csv";
    return kind == "phone" || kind == "chat" || kind == "widget" || kind == "postmark" || kind == "ses"
               ? "application/json"
               : "";
}

/// Collects the lines, since thousands of files make thousands of small ones.
class line_printer {
public:
    void print(const std::vector<normalized_record>& records, const std::string& name) {
        for (const auto& record : records) {
            auto line = channels::to_json(record);
            if (!name.empty()) {
                const auto value = nlohmann::json(clean_utf8(name)).dump();
                line.insert(1, "\"input\":" + value + ",");
            }
            any_refused_ = any_refused_ || std::holds_alternative<refused_input>(record);
            buffer_ += line;
            buffer_ += '\n';
        }
        if (buffer_.size() > output_bytes) flush();
    }

    bool any_refused() const { return any_refused_; }

    bool flush() {
        const bool written = std::fwrite(buffer_.data(), 1, buffer_.size(), stdout) == buffer_.size();
        buffer_.clear();
        return std::fflush(stdout) == 0 && written;
    }

private:
    std::string buffer_;
    bool any_refused_ = false;
};

} // namespace

int normalize_command(const normalize_arguments& arguments) {
    const auto complain = [](std::string_view what, std::string_view why) {
        fmt::print(stderr, "switchboard normalize: {}: {}\n", what, why);
        return wrong_use;
    };
    if (std::ranges::find(channels::kinds(), arguments.kind) == channels::kinds().end())
        return complain("--kind", fmt::format("must be one of {}", fmt::join(channels::kinds(), ", ")));
    const auto settings = read_settings(arguments.config_file);
    if (!settings) return complain(arguments.config_file, settings.error());
    const auto headers = split_all(arguments.headers, ':');
    if (!headers) return complain("--header", headers.error());
    const auto query = split_all(arguments.query, '=');
    if (!query) return complain("--query", query.error());

    channels::raw_input input{
        .body = {}, .content_type = content_type_of(*headers, arguments.kind), .headers = *headers, .query = *query};
    int status = success;
    line_printer printer;
    const auto run = [&](const std::string& bytes, const std::string& name) {
        input.body = bytes;
        printer.print(channels::normalize(arguments.kind, *settings, input), name);
    };
    if (arguments.files.empty()) {
        const auto bytes = read_all(stdin);
        if (!bytes) return complain("standard input", std::strerror(errno));
        run(*bytes, "");
    }
    for (const auto& file : arguments.files) {
        const auto bytes = read_file(file);
        if (bytes)
            run(*bytes, file);
        else
            status = complain(file, bytes.error());
    }
    if (!printer.flush()) status = complain("standard output", std::strerror(errno));
    if (status == success && printer.any_refused()) status = failure;
    return status;
}

} // namespace switchboard::app
