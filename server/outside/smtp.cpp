#include <switchboard/outside/smtp.hpp>

#include <curl/curl.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace switchboard::outside {

namespace {

struct upload {
    const std::string& message;
    std::size_t sent = 0;
};

std::size_t read_message(char* out, std::size_t size, std::size_t count, void* from) {
    auto& u = *static_cast<upload*>(from);
    const auto n = std::min(size * count, u.message.size() - u.sent);
    u.message.copy(out, n, u.sent);
    u.sent += n;
    return n;
}

// The last refusal explains: what comes after it is the answer to our QUIT.
std::size_t keep_refusal(char* line, std::size_t size, std::size_t count, void* to) {
    auto& last = *static_cast<std::string*>(to);
    if (size * count == 0 || (line[0] != '4' && line[0] != '5')) return size * count;
    last.assign(line, size * count);
    while (!last.empty() && (last.back() == '\n' || last.back() == '\r')) last.pop_back();
    return size * count;
}

} // namespace

smtp_result send_smtp(const smtp_settings& settings, const std::string& from, const std::vector<std::string>& to,
                      const std::string& message) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (ready != CURLE_OK) return {false, 0, "libcurl cannot be initialised"};
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(), curl_easy_cleanup};
    curl_slist* list = nullptr;
    for (const auto& address : to) list = curl_slist_append(list, ("<" + address + ">").c_str());
    const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients{list, curl_slist_free_all};
    upload body{message};
    std::string said;
    char why[CURL_ERROR_SIZE] = "";
    const std::string sender = "<" + from + ">";
    CURL* const c = curl.get();
    curl_easy_setopt(c, CURLOPT_URL, settings.url.c_str());
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    if (!settings.user.empty()) {
        curl_easy_setopt(c, CURLOPT_USERNAME, settings.user.c_str());
        curl_easy_setopt(c, CURLOPT_PASSWORD, settings.password.c_str());
    }
    // Credentials never go over an open line; without them TLS is taken where it is offered.
    curl_easy_setopt(c, CURLOPT_USE_SSL, static_cast<long>(settings.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender.c_str());
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, recipients.get());
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, read_message);
    curl_easy_setopt(c, CURLOPT_READDATA, &body);
    curl_easy_setopt(c, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(message.size()));
    curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, keep_refusal);
    curl_easy_setopt(c, CURLOPT_HEADERDATA, &said);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, why);
    curl_easy_setopt(c, CURLOPT_TIMEOUT, static_cast<long>(settings.timeout.count()));
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    const CURLcode outcome = curl_easy_perform(c);
    smtp_result result;
    long code = 0;
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &code);
    result.code = static_cast<int>(code);
    result.accepted = outcome == CURLE_OK;
    if (!result.accepted) {
        result.error = result.code >= 400 && !said.empty() ? said : why[0] != '\0' ? why : curl_easy_strerror(outcome);
    }
    return result;
}

} // namespace switchboard::outside
