#include <switchboard/util/address.hpp>
#include <switchboard/util/text.hpp>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace switchboard {

namespace ip = boost::asio::ip;

namespace {

std::optional<ip::address> parsed(std::string_view text) {
    boost::system::error_code bad;
    const auto address = ip::make_address(std::string{text}, bad);
    if (bad) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

} // namespace

std::string address_prefix(std::string_view address) {
    const auto known = parsed(address);
    if (!known) return std::string{address};
    if (known->is_v4()) return known->to_string();
    auto v6 = known->to_v6();
    v6.scope_id(0);
    return ip::network_v6{v6, 64}.canonical().to_string();
}

struct networks::list {
    std::vector<ip::network_v4> v4;
    std::vector<ip::network_v6> v6;

    bool add(std::string_view text) {
        boost::system::error_code bad;
        if (text.contains('/')) {
            const auto short_one = ip::make_network_v4(text, bad);
            if (!bad) return v4.push_back(short_one.canonical()), true;
            const auto long_one = ip::make_network_v6(text, bad);
            if (!bad) v6.push_back(long_one.canonical());
            return !bad;
        }
        const auto address = parsed(text);
        if (address && address->is_v4()) v4.emplace_back(address->to_v4(), 32);
        if (address && address->is_v6()) v6.emplace_back(address->to_v6(), 128);
        return address.has_value();
    }
};

networks::networks() : list_{std::make_shared<list>()} {}

std::expected<networks, std::string> networks::parse(std::string_view text) {
    auto found = std::make_shared<list>();
    while (!text.empty()) {
        const auto end = text.find_first_of(", ");
        const auto one = trim(text.substr(0, end));
        text = end == text.npos ? std::string_view{} : text.substr(end + 1);
        if (!one.empty() && !found->add(one))
            return std::unexpected{"'" + std::string{one} + "' is no address and no network"};
    }
    networks out;
    out.list_ = std::move(found);
    return out;
}

bool networks::contain(std::string_view address) const {
    const auto known = parsed(address);
    if (!known) return false;
    if (known->is_v4())
        return std::ranges::any_of(list_->v4, [&](const auto& n) {
            return ip::network_v4{known->to_v4(), n.prefix_length()}.canonical() == n;
        });
    return std::ranges::any_of(
        list_->v6, [&](const auto& n) { return ip::network_v6{known->to_v6(), n.prefix_length()}.canonical() == n; });
}

bool networks::empty() const {
    return list_->v4.empty() && list_->v6.empty();
}

} // namespace switchboard
