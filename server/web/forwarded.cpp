#include "web/forwarded.hpp"

#include <switchboard/util/text.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <vector>

namespace switchboard::web {
namespace {

/// All values of a field as one list, in order.
std::vector<std::string_view> list_of(const http::request& r, std::string_view name) {
    std::vector<std::string_view> out;
    for (const auto& [key, value] : r.headers) {
        if (key != name) continue;
        std::string_view rest = value;
        for (;;) {
            const auto comma = rest.find(',');
            out.push_back(trim(rest.substr(0, comma)));
            if (comma == rest.npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    return out;
}

/// "192.0.2.7", "192.0.2.7:4711", "2001:db8::1", "[2001:db8::1]:4711"; empty for anything else ("unknown").
std::string address_in(std::string_view text) {
    if (text.starts_with('['))
        text = text.substr(1, text.find(']') - 1);
    else if (std::ranges::count(text, ':') == 1)
        text = text.substr(0, text.find(':'));
    boost::system::error_code bad;
    const auto address = boost::asio::ip::make_address(std::string{text}, bad);
    return bad ? std::string{} : address.to_string();
}

} // namespace

origin origin_of(const http::request& r, std::string_view peer, bool secure, const networks& trusted) {
    origin out{std::string{peer}, secure};
    if (!trusted.contain(peer)) return out;
    if (const auto schemes = list_of(r, "x-forwarded-proto"); !schemes.empty())
        out.secure = lower_ascii(schemes.back()) == "https";
    auto hops = list_of(r, "x-forwarded-for");
    while (!hops.empty() && trusted.contain(out.remote)) {
        auto before = address_in(hops.back());
        if (before.empty()) break;
        out.remote = std::move(before);
        hops.pop_back();
    }
    return out;
}

} // namespace switchboard::web
