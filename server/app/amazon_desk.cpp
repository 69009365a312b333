#include "app/amazon_desk.hpp"

#include <utility>

namespace switchboard::app {

namespace asio = boost::asio;

namespace {

outside::amazon_options options_of(const config& c) {
    return {.access_key_id = c.aws_access_key_id,
            .secret_access_key = c.aws_secret_access_key,
            .region = c.aws_region,
            .endpoint = c.aws_endpoint,
            .ca = c.aws_ca,
            .proxy = c.aws_proxy,
            .most_bytes = static_cast<std::size_t>(c.server_max_body_mb) << 20};
}

using answer = std::expected<std::string, intake::not_had>;

asio::awaitable<outside::signing_keys::key> certificate(outside::amazon& from, std::string url) {
    auto pem = co_await from.get(std::move(url));
    if (pem) co_return std::move(*pem);
    // Even "not there" may be a sick server's or a proxy's word: whoever asked repeats.
    co_return std::unexpected{outside::no_key{std::move(pem.error().reason), false}};
}

asio::awaitable<answer> signing_key(outside::signing_keys& keys, std::string url) {
    auto key = co_await keys.get(std::move(url));
    if (key) co_return std::move(*key);
    co_return std::unexpected{intake::not_had{std::move(key.error().reason), key.error().lasting}};
}

asio::awaitable<answer> page(outside::amazon& from, std::string url) {
    auto got = co_await from.get(std::move(url));
    if (got) co_return std::move(*got);
    co_return std::unexpected{intake::not_had{std::move(got.error().reason), got.error().lasting}};
}

asio::awaitable<answer> mail(outside::amazon& from, channels::stored_mail where) {
    auto got = co_await from.object(std::move(where.bucket), std::move(where.key), std::move(where.region));
    if (got) co_return std::move(*got);
    co_return std::unexpected{intake::not_had{std::move(got.error().reason), got.error().lasting}};
}

} // namespace

amazon_desk::amazon_desk(asio::any_io_executor executor, const config& c)
    : amazon_{options_of(c)},
      keys_{std::move(executor), [this](std::string url) { return certificate(amazon_, std::move(url)); }} {}

intake::outside amazon_desk::questions() {
    return {.signing_key = [this](std::string url) { return signing_key(keys_, std::move(url)); },
            .confirm = [this](std::string url) { return page(amazon_, std::move(url)); },
            .mail = [this](channels::stored_mail where) { return mail(amazon_, std::move(where)); }};
}

} // namespace switchboard::app
