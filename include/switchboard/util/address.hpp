#pragma once

#include <expected>
#include <memory>
#include <string>
#include <string_view>

namespace switchboard {

/// Whom budgets count as one: an IPv4 address; of IPv6 its /64, which one household or machine is given whole. An IPv4
/// address that is written as IPv6 is that address. Text that is no address ("unix") stays as it is.
std::string address_prefix(std::string_view address);

/// A list of addresses and networks: "127.0.0.1, 10.0.0.0/8, fd00::/8", by commas or spaces.
class networks {
public:
    networks();

    /// The error names what is no address and no network.
    static std::expected<networks, std::string> parse(std::string_view list);

    /// False for text that is no address.
    bool contain(std::string_view address) const;
    bool empty() const;

private:
    struct list;
    std::shared_ptr<const list> list_;
};

} // namespace switchboard
