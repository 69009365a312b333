#include <switchboard/outside/webhook.hpp>
#include <switchboard/util/hash.hpp>

#include <curl/curl.h>
#include <fmt/format.h>

#include <ctime>
#include <memory>

namespace switchboard::outside {

namespace {

using header_list = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

header_list headers_of(const webhook& w) {
    const auto at = static_cast<std::int64_t>(std::time(nullptr));
    curl_slist* list = nullptr;
    for (const auto& line : {std::string{"Content-Type: application/json"}, "webhook-id: " + w.id,
                             fmt::format("webhook-timestamp: {}", at),
                             "webhook-signature: " + sign_webhook(w.secret.reveal(), w.id, at, w.body)})
        list = curl_slist_append(list, line.c_str());
    return {list, curl_slist_free_all};
}

/// What the other side says is of no use to us.
std::size_t ignore(char*, std::size_t size, std::size_t count, void*) {
    return size * count;
}

} // namespace

std::string sign_webhook(std::string_view secret, std::string_view id, std::int64_t timestamp, std::string_view body) {
    constexpr std::string_view prefix = "whsec_";
    std::string key{secret};
    if (secret.starts_with(prefix) && !base64_decode(secret.substr(prefix.size()), key)) key = secret;
    return "v1," + hmac_sha256_base64(key, fmt::format("{}.{}.{}", id, timestamp, body));
}

webhook_result post_webhook(const webhook& w) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{ready == CURLE_OK ? curl_easy_init() : nullptr,
                                                                   curl_easy_cleanup};
    if (!curl) return {0, "libcurl cannot be initialised"};
    CURL* const c = curl.get();
    const auto headers = headers_of(w);
    char why[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(c, CURLOPT_URL, w.url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c, CURLOPT_PROXY, ""); // not even one from the environment
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, w.body.c_str());
    curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(w.body.size()));
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, ignore);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(w.timeout.count()));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    const CURLcode outcome = curl_easy_perform(c);
    long status = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
    webhook_result out{static_cast<int>(status), ""};
    if (outcome != CURLE_OK)
        out.error = why[0] != '\0' ? why : curl_easy_strerror(outcome);
    else if (status < 200 || status > 299)
        out.error = fmt::format("the gateway answered {}", status);
    return out;
}

} // namespace switchboard::outside
