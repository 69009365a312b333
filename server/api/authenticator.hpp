#pragma once

#include <switchboard/model/principal.hpp>
#include <switchboard/store/sessions.hpp>
#include <switchboard/util/http_message.hpp>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace switchboard::store {
class tokens;
}

namespace switchboard::api {

/// The name of the session's cookie. Where browsers come by https it is one that only https can set, for this host
/// alone (RFC 6265bis 4.1.3.2), so that no neighbouring host can slip in its own.
std::string_view session_cookie(const http::request& r);

/// Finds out who is asking. A request with an Authorization header is a machine's, whatever cookies it has. Secrets are
/// looked up by their hash, so that the time this takes tells nothing about them.
class authenticator {
public:
    authenticator(store::tokens& tokens, store::sessions& sessions, store::session_life life)
        : tokens_{tokens}, sessions_{sessions}, life_{life} {}

    boost::asio::awaitable<std::optional<principal>> identify(const http::request& r);

    /// Other nodes notice a change of role or membership when what they remember is `memory` old; the end of an
    /// authority they are told.
    void forget() { known_.clear(); }
    void forget(const authority& by);
    std::vector<authority> authorities() const;

private:
    using clock = std::chrono::steady_clock;
    static constexpr std::chrono::seconds memory{5};
    static constexpr std::size_t max_known = 10'000;

    struct remembered {
        principal who;
        clock::time_point until;
    };

    store::tokens& tokens_;
    store::sessions& sessions_;
    store::session_life life_;
    std::unordered_map<std::string, remembered> known_; // by hash of the secret
};

} // namespace switchboard::api
