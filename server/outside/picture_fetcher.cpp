#include <switchboard/outside/picture_fetcher.hpp>

#include "outside/download.hpp"

#include <utility>

namespace switchboard::outside {
namespace {

std::string why_no_picture(const download& d) {
    using enum download::outcome;
    switch (d.came_to) {
    case too_large:
        return "the picture is too large";
    case too_many_redirects:
        return "the address leads on too often";
    case not_public:
        return "the address is not in the public internet";
    case too_slow:
        return "the other server took too long";
    case answered:
        return "the other server answered with " + std::to_string(d.status);
    default:
        return "the other server could not be asked: " + d.failure;
    }
}

std::expected<picture, std::string> fetch_picture(std::string url, const picture_options& options,
                                                  const std::atomic<bool>& stopping) {
    const download_order order{.url = std::move(url),
                               .protocols = "http,https",
                               .redirects = 3,
                               .public_only = !options.private_addresses,
                               .most_bytes = options.most_bytes,
                               .timeout = options.timeout};
    auto d = fetch_now(order, stopping);
    if (d.came_to != download::outcome::answered || d.status != 200) return std::unexpected{why_no_picture(d)};
    const auto type = picture_type(d.body);
    if (type.empty()) return std::unexpected{"what came is no picture"};
    return picture{std::string{type}, std::move(d.body)};
}

} // namespace

std::string_view picture_type(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return "image/png";
    if (bytes.starts_with("\xFF\xD8\xFF"sv)) return "image/jpeg";
    if (bytes.starts_with("GIF87a"sv) || bytes.starts_with("GIF89a"sv)) return "image/gif";
    if (bytes.starts_with("RIFF"sv) && bytes.substr(0, 12).ends_with("WEBP"sv)) return "image/webp";
    return {};
}

picture_fetcher::picture_fetcher(picture_options o) : options_{o} {}

picture_fetcher::~picture_fetcher() {
    stop();
}

boost::asio::awaitable<std::expected<picture, std::string>> picture_fetcher::fetch(std::string url) {
    return offload(threads_, [this, url = std::move(url)] { return fetch_picture(url, options_, stopping_); });
}

} // namespace switchboard::outside
