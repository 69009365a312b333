#pragma once

#include <switchboard/util/address.hpp>
#include <switchboard/util/http_message.hpp>

#include <string>
#include <string_view>

namespace switchboard::web {

/// Where a request really comes from.
struct origin {
    std::string remote; // address without port
    bool secure = false;
};

/// By X-Forwarded-For, from the right, as far as those who wrote it are trusted, and X-Forwarded-Proto of a trusted
/// peer. Anybody else's word about themselves is nothing.
origin origin_of(const http::request& r, std::string_view peer, bool secure, const networks& trusted);

} // namespace switchboard::web
