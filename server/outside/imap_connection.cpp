#include <switchboard/outside/imap_connection.hpp>

#include <curl/curl.h>
#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <array>

namespace switchboard::outside {
namespace {

using steady = std::chrono::steady_clock;
constexpr std::chrono::milliseconds glance{200}; // how often a wait looks whether it is to end

int told_to_stop(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<const std::atomic<bool>*>(stop) ? 1 : 0;
}

std::string url_of(const imap_settings& to) {
    const bool is_v6 = to.host.contains(':') && !to.host.starts_with('[');
    const auto port = to.port != 0 ? to.port : to.tls == "implicit" ? 993 : 143;
    return fmt::format("{}://{}{}{}:{}/", to.tls == "implicit" ? "imaps" : "imap", is_v6 ? "[" : "", to.host,
                       is_v6 ? "]" : "", port);
}

/// Without the folder of the system's authorities, which libcurl would ask as well.
void trust_only(CURL* c, const std::string& pem) {
    curl_blob blob{.data = const_cast<char*>(pem.data()), .len = pem.size(), .flags = CURL_BLOB_COPY};
    curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &blob);
    curl_easy_setopt(c, CURLOPT_CAPATH, nullptr);
}

/// In words for the gateway's health.
std::string failure(CURLcode outcome, const char* why) {
    if (outcome == CURLE_LOGIN_DENIED) return "the mail server refuses the user or the password";
    if (outcome == CURLE_SSL_CACERT_BADFILE) return "imap.ca cannot be read as certificates";
    return fmt::format("{}: {}",
                       outcome == CURLE_PEER_FAILED_VERIFICATION ? "the mail server's certificate is not trusted"
                                                                 : "cannot reach the mail server",
                       *why != '\0' ? why : curl_easy_strerror(outcome));
}

} // namespace

struct imap_connection::state {
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
    curl_socket_t socket = CURL_SOCKET_BAD;
    std::chrono::seconds timeout{};
    const std::atomic<bool>& stop;

    void wait_for(short events, steady::time_point latest) const {
        for (;;) {
            if (stop) throw broken{"the server stops"};
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(latest - steady::now());
            if (left.count() <= 0) throw broken{"the mail server is silent"};
            pollfd p{.fd = socket, .events = events, .revents = 0};
            if (::poll(&p, 1, static_cast<int>(std::min(left, glance).count())) > 0) return;
        }
    }
};

imap_connection::imap_connection(const imap_settings& to, const std::string& password, std::chrono::seconds timeout,
                                 const std::atomic<bool>& stop)
    : state_{new state{.timeout = timeout, .stop = stop}} {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL* const c = state_->curl.get();
    if (ready != CURLE_OK || c == nullptr) throw broken{"libcurl cannot be initialised"};
    std::array<char, CURL_ERROR_SIZE> why{};
    curl_easy_setopt(c, CURLOPT_URL, url_of(to).c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "imap,imaps");
    curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(c, CURLOPT_USERNAME, to.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, password.c_str());
    if (to.tls == "starttls") curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    if (!to.ca.empty()) trust_only(c, to.ca);
    curl_easy_setopt(c, CURLOPT_PROXY, ""); // whatever the environment says of the web
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, told_to_stop);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, &stop);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why.data());
    const auto outcome = curl_easy_perform(c);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, nullptr);
    if (outcome != CURLE_OK) throw broken{failure(outcome, why.data())};
    if (curl_easy_getinfo(c, CURLINFO_ACTIVESOCKET, &state_->socket) != CURLE_OK || state_->socket == CURL_SOCKET_BAD)
        throw broken{"the mail server has gone"};
}

imap_connection::~imap_connection() = default;

void imap_connection::send(std::string_view bytes) {
    const auto latest = steady::now() + state_->timeout;
    while (!bytes.empty()) {
        std::size_t n = 0;
        const auto outcome = curl_easy_send(state_->curl.get(), bytes.data(), bytes.size(), &n);
        if (outcome == CURLE_AGAIN)
            state_->wait_for(POLLOUT, latest);
        else if (outcome != CURLE_OK)
            throw broken{fmt::format("the mail server has gone: {}", curl_easy_strerror(outcome))};
        bytes.remove_prefix(n);
    }
}

std::string imap_connection::receive() {
    const auto latest = steady::now() + state_->timeout;
    std::array<char, 16384> part;
    for (;;) {
        std::size_t n = 0;
        const auto outcome = curl_easy_recv(state_->curl.get(), part.data(), part.size(), &n);
        if (outcome == CURLE_AGAIN) // TLS may hold bytes that the socket has not: it is asked first, always
            state_->wait_for(POLLIN, latest);
        else if (outcome != CURLE_OK || n == 0)
            throw broken{"the mail server has gone"};
        else
            return {part.data(), n};
    }
}

} // namespace switchboard::outside
