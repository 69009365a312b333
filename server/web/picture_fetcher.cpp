#include <switchboard/web/picture_fetcher.hpp>

#include <curl/curl.h>

#include <memory>
#include <utility>

#include <sys/socket.h>

namespace switchboard::web {
namespace {

struct download {
    const picture_options& options;
    const std::atomic<bool>& stopping;
    std::string bytes{};
    bool too_large = false;
    bool refused = false; // an address that is not public
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto& d = *static_cast<download*>(to);
    if (d.bytes.size() + size * count > d.options.most_bytes) {
        d.too_large = true;
        return 0; // ends the transfer
    }
    d.bytes.append(data, size * count);
    return size * count;
}

// Asked with the address itself, after every look-up and redirect: a name that changes its mind gains nothing.
curl_socket_t open_socket(void* of, curlsocktype, curl_sockaddr* to) {
    auto& d = *static_cast<download*>(of);
    if (!d.options.private_addresses && !is_public(to->addr)) {
        d.refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int give_up(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const download*>(of)->stopping ? 1 : 0;
}

std::string reason(CURLcode outcome, long status, const download& d) {
    if (d.too_large || outcome == CURLE_FILESIZE_EXCEEDED) return "the picture is too large";
    if (outcome == CURLE_TOO_MANY_REDIRECTS) return "the address leads on too often";
    if (d.refused) return "the address is not in the public internet";
    if (outcome == CURLE_OPERATION_TIMEDOUT) return "the other server took too long";
    if (outcome == CURLE_OK || outcome == CURLE_HTTP_RETURNED_ERROR)
        return "the other server answered with " + std::to_string(status);
    return std::string{"the other server could not be asked: "} + curl_easy_strerror(outcome);
}

std::expected<picture, std::string> fetch_now(const std::string& url, const picture_options& options,
                                              const std::atomic<bool>& stopping) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{ready == CURLE_OK ? curl_easy_init() : nullptr,
                                                                   curl_easy_cleanup};
    if (!curl) return std::unexpected{"libcurl cannot be initialised"};
    download d{options, stopping};
    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, 3L);
    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, ""); // one from the environment would connect in our place
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &d);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &d);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(options.most_bytes));
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &d);
    curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(options.timeout.count()));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    const CURLcode outcome = curl_easy_perform(c);
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    if (outcome != CURLE_OK || status != 200) return std::unexpected{reason(outcome, status, d)};
    const auto type = picture_type(d.bytes);
    if (type.empty()) return std::unexpected{"what came is no picture"};
    return picture{std::string{type}, std::move(d.bytes)};
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
    return offload(threads_, [this, url = std::move(url)] { return fetch_now(url, options_, stopping_); });
}

} // namespace switchboard::web
