#include "outside/download.hpp"

#include <switchboard/outside/public_address.hpp>
#include <switchboard/util/hash.hpp>

#include <curl/curl.h>

#include <memory>

#include <sys/socket.h>

namespace switchboard::outside {
namespace {

struct transfer {
    const download_order& order;
    const std::atomic<bool>& stopping;
    std::string bytes{};
    bool too_large = false;
    bool not_public = false;
};

std::size_t take(char* data, std::size_t size, std::size_t count, void* to) {
    auto& t = *static_cast<transfer*>(to);
    if (t.bytes.size() + size * count > t.order.most_bytes) {
        t.too_large = true;
        return 0; // ends the transfer
    }
    t.bytes.append(data, size * count);
    return size * count;
}

// Asked with the address itself, after every look-up and redirect: a name that changes its mind gains nothing.
curl_socket_t open_socket(void* of, curlsocktype, curl_sockaddr* to) {
    auto& t = *static_cast<transfer*>(of);
    if (t.order.public_only && !is_public(to->addr)) {
        t.not_public = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

int give_up(void* of, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return static_cast<const transfer*>(of)->stopping ? 1 : 0;
}

download::outcome outcome_of(CURLcode code, const transfer& t) {
    using enum download::outcome;
    if (t.too_large || code == CURLE_FILESIZE_EXCEEDED) return too_large;
    if (code == CURLE_TOO_MANY_REDIRECTS) return too_many_redirects;
    if (t.not_public) return not_public;
    if (code == CURLE_OPERATION_TIMEDOUT) return too_slow;
    if (code == CURLE_ABORTED_BY_CALLBACK) return stopped;
    return code == CURLE_OK ? answered : failed;
}

using header_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

/// What is returned must stay until the transfer is over.
header_list sign(CURL* c, const download_order& order) {
    if (order.signing.empty()) return {nullptr, curl_slist_free_all};
    // S3 wants to be told of the body in the signature, which libcurl does by itself from 8 on: here of none.
    header_list more{curl_slist_append(nullptr, ("x-amz-content-sha256: " + sha256_hex("")).c_str()),
                     curl_slist_free_all};
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, more.get());
    curl_easy_setopt(c, CURLOPT_AWS_SIGV4, order.signing.c_str());
    curl_easy_setopt(c, CURLOPT_USERNAME, order.key_id.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, order.secret.c_str());
    return more;
}

} // namespace

download fetch_now(const download_order& order, const std::atomic<bool>& stopping) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{ready == CURLE_OK ? curl_easy_init() : nullptr,
                                                                   curl_easy_cleanup};
    download out;
    out.failure = "libcurl cannot be initialised";
    if (!curl) return out;
    transfer t{order, stopping};
    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, order.url.c_str());
    curl_easy_setopt(c, CURLOPT_PATH_AS_IS, 1L); // a signature covers the path as it was written
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, order.protocols);
    curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, order.protocols);
    curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, order.redirects > 0 ? 1L : 0L);
    curl_easy_setopt(c, CURLOPT_MAXREDIRS, order.redirects);
    curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, order.proxy.c_str()); // "": not even one from the environment
    if (!order.ca.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, order.ca.c_str());
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, &t);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
    curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(order.most_bytes));
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, give_up);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &t);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(order.timeout.count()));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    const auto signature = sign(c, order);
    const CURLcode code = curl_easy_perform(c);
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    for (const curl_header* h = nullptr; (h = curl_easy_nextheader(c, CURLH_HEADER, -1, const_cast<curl_header*>(h)));)
        out.headers.emplace_back(h->name, h->value);
    out.came_to = outcome_of(code, t);
    out.status = static_cast<int>(status);
    out.body = std::move(t.bytes);
    out.failure = curl_easy_strerror(code);
    return out;
}

} // namespace switchboard::outside
