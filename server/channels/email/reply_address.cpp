#include <switchboard/channels/reply_address.hpp>

#include "channels/email/addresses.hpp"

#include <switchboard/util/hash.hpp>

#include <fmt/format.h>

#include <charconv>

namespace switchboard::channels {
namespace {

// The mailbox is signed too: a token of one mailbox is worth nothing at another that shares the secret.
std::string signature(std::string_view local, std::string_view domain, std::int64_t ticket, std::string_view secret) {
    return hmac_sha256_hex(secret, fmt::format("reply-address\n{}@{}\n{}", local, domain, ticket)).substr(0, 16);
}

} // namespace

std::string reply_address(std::string_view mailbox, std::int64_t ticket, std::string_view secret) {
    const std::string address = email::canonical_address(mailbox);
    const auto at = address.rfind('@');
    if (at == std::string::npos || at == 0 || at + 1 == address.size() || ticket <= 0 || secret.empty()) return {};
    const auto local = std::string_view(address).substr(0, at);
    const auto domain = std::string_view(address).substr(at + 1);
    return fmt::format("{}+t.{}.{}@{}", local, ticket, signature(local, domain, ticket, secret), domain);
}

std::optional<std::int64_t> ticket_of_reply_address(std::string_view address, std::string_view secret) {
    const std::string clean = email::canonical_address(address);
    const auto at = clean.rfind('@');
    const auto tag = at == std::string::npos ? at : clean.rfind("+t.", at);
    if (tag == std::string::npos || secret.empty()) return std::nullopt;
    const auto token = std::string_view(clean).substr(tag + 3, at - tag - 3);
    const auto dot = token.find('.');
    if (dot == std::string_view::npos || dot == 0 || token.front() == '0') return std::nullopt;
    std::int64_t ticket = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + dot, ticket);
    if (error != std::errc{} || end != token.data() + dot || ticket <= 0) return std::nullopt;
    const auto expected =
        signature(std::string_view(clean).substr(0, tag), std::string_view(clean).substr(at + 1), ticket, secret);
    if (!equal_secret(token.substr(dot + 1), expected)) return std::nullopt;
    return ticket;
}

} // namespace switchboard::channels
