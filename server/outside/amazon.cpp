#include <switchboard/outside/amazon.hpp>
#include <switchboard/util/text.hpp>

#include "outside/download.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace switchboard::outside {
namespace {

constexpr std::size_t page_bytes = 64u << 10;
constexpr std::chrono::seconds page_timeout{10};

bool is_small_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_letter_or_digit(char c) {
    return is_small_or_digit(c) || (c >= 'A' && c <= 'Z');
}

bool is_host_text(std::string_view text, std::string_view more) {
    return !text.empty() && text.size() <= 63 &&
           std::ranges::all_of(text, [&](char c) { return is_small_or_digit(c) || more.contains(c); });
}

std::string encode_path(std::string_view path) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : path) {
        if (is_letter_or_digit(c) || std::string_view{"-._~/"}.contains(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

const std::string& region_of(const amazon_options& o, const std::string& supposed) {
    return o.region.empty() ? supposed : o.region;
}

/// What Amazon says: <Error><Code>NoSuchKey</Code>…
std::string code_in(std::string_view body) {
    const auto begin = body.find("<Code>"), end = body.find("</Code>");
    if (begin == body.npos || end == body.npos || end < begin) return {};
    const auto code = body.substr(begin + 6, std::min<std::size_t>(end - begin - 6, 60));
    return std::ranges::all_of(code, is_letter_or_digit) ? " " + std::string{code} : "";
}

std::string why_no_answer(const download& d) {
    using enum download::outcome;
    switch (d.came_to) {
    case answered:
        return "the answer was " + std::to_string(d.status) + code_in(d.body);
    case too_large:
        return "it is too large";
    case too_slow:
        return "Amazon took too long";
    default:
        return "Amazon could not be asked: " + d.failure;
    }
}

/// A clock that is wrong and a server that is busy or sick may be well again; a refusal stays one.
bool is_lasting(const download& d) {
    if (d.came_to == download::outcome::too_large) return true;
    return d.came_to == download::outcome::answered && d.status >= 300 && d.status < 500 && d.status != 408 &&
           d.status != 429 && !d.body.contains("RequestTimeTooSkewed");
}

/// SES can lock a mail before it stores it, with a key that only the S3 Encryption Client asks for: unlike encryption
/// by S3 itself, of which a reader sees nothing.
bool is_locked(const download& d) {
    return std::ranges::any_of(d.headers, [](const auto& field) {
        const auto name = lower_ascii(field.first);
        return name == "x-amz-meta-x-amz-key-v2" || name == "x-amz-meta-x-amz-key";
    });
}

fetched outcome_of(download d) {
    if (d.came_to != download::outcome::answered || d.status != 200)
        return std::unexpected{not_fetched{why_no_answer(d), is_lasting(d)}};
    if (is_locked(d))
        return std::unexpected{not_fetched{"SES has encrypted it for the S3 Encryption Client, which is not supported: "
                                           "let the bucket encrypt instead",
                                           true}};
    return std::move(d.body);
}

} // namespace

std::string object_url(const amazon_options& o, const std::string& bucket, const std::string& key,
                       const std::string& supposed_region) {
    const auto& region = region_of(o, supposed_region);
    if (!is_host_text(bucket, "-.") || !is_host_text(region, "-")) return {};
    auto host = o.endpoint;
    while (host.ends_with('/')) host.pop_back();
    if (host.empty())
        host = "https://s3." + region + (region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com");
    return host + "/" + bucket + "/" + encode_path(key);
}

boost::asio::awaitable<fetched> amazon::get(std::string url) {
    return offload(pages_, [this, url = std::move(url)]() mutable {
        return outcome_of(fetch_now({.url = std::move(url),
                                     .most_bytes = page_bytes,
                                     .timeout = page_timeout,
                                     .ca = options_.ca,
                                     .proxy = options_.proxy},
                                    stopping_));
    });
}

boost::asio::awaitable<fetched> amazon::object(std::string bucket, std::string key, std::string region) {
    return offload(objects_, [this, bucket = std::move(bucket), key = std::move(key), region = std::move(region)] {
        if (options_.access_key_id.empty() || options_.secret_access_key.empty())
            return fetched{std::unexpect, not_fetched{"set aws.access_key_id and aws.secret_access_key", true}};
        auto url = object_url(options_, bucket, key, region);
        if (url.empty()) return fetched{std::unexpect, not_fetched{"its bucket or region cannot be", true}};
        return outcome_of(fetch_now({.url = std::move(url),
                                     .protocols = options_.endpoint.starts_with("http://") ? "http" : "https",
                                     .most_bytes = options_.most_bytes,
                                     .timeout = options_.timeout,
                                     .ca = options_.ca,
                                     .proxy = options_.proxy,
                                     .signing = "aws:amz:" + region_of(options_, region) + ":s3",
                                     .key_id = options_.access_key_id,
                                     .secret = options_.secret_access_key},
                                    stopping_));
    });
}

} // namespace switchboard::outside
