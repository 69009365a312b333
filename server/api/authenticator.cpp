#include "api/authenticator.hpp"

#include <switchboard/store/sessions.hpp>
#include <switchboard/store/tokens.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <set>

namespace switchboard::api {
namespace {

/// The token of "Bearer <token>"; empty for anything else. Machines that can only send a login and a password
/// (FreeSWITCH's CDR modules) send the token as the password (RFC 7617), whatever the login.
std::string token_of(std::string_view authorization) {
    const auto space = authorization.find(' ');
    if (space == authorization.npos) return {};
    const auto scheme = lower_ascii(authorization.substr(0, space));
    const auto words = trim(authorization.substr(space));
    if (scheme == "bearer") return std::string{words};
    std::string pair;
    if (scheme != "basic" || !base64_decode(words, pair)) return {};
    const auto colon = pair.find(':');
    return colon == pair.npos || !pair.substr(colon + 1).starts_with("sb_") ? std::string{} : pair.substr(colon + 1);
}

} // namespace

std::string_view session_cookie(const http::request& r) {
    return r.secure ? "__Host-switchboard_session" : "switchboard_session";
}

boost::asio::awaitable<std::optional<principal>> authenticator::identify(const http::request& r) {
    const auto authorization = r.header("authorization");
    const bool machine = !authorization.empty();
    const auto secret = machine ? token_of(authorization) : std::string{r.cookie(session_cookie(r))};
    if (secret.empty()) co_return std::nullopt;

    const auto hash = sha256_hex(secret);
    const auto key = (machine ? "t" : "s") + hash;
    if (const auto found = known_.find(key); found != known_.end()) {
        if (found->second.until > clock::now()) co_return found->second.who;
        known_.erase(found);
    }
    auto who = machine ? co_await tokens_.find(hash) : co_await sessions_.find(hash, life_);
    if (who) {
        if (known_.size() >= max_known) known_.clear();
        known_.insert_or_assign(key, remembered{*who, clock::now() + memory});
    }
    co_return who;
}

void authenticator::forget(const authority& by) {
    std::erase_if(known_, [&](const auto& entry) { return entry.second.who.authority() == by; });
}

std::vector<authority> authenticator::authorities() const {
    std::set<authority> all;
    for (const auto& [key, one] : known_)
        if (one.until > clock::now()) all.insert(one.who.authority());
    return {all.begin(), all.end()};
}

} // namespace switchboard::api
