#pragma once

#include "support/child_daemon.hpp"

#include <string>
#include <vector>

namespace switchboard::test {

/// A private key and its certificate, in PEM.
struct certificate {
    std::string key, pem;
};

/// A certificate authority of its own, which nobody trusts who is not told to.
class test_authority {
public:
    test_authority();

    const std::string& pem() const { return ca_.pem; }
    std::string file() const { return folder_.path() / "authority.pem"; }
    /// For a server at this address, a day long.
    certificate issue(const std::string& ip_address) const;
    /// For these host names, with a key of RSA.
    certificate issue_rsa(const std::vector<std::string>& names) const;

private:
    public_folder folder_;
    certificate ca_;
};

} // namespace switchboard::test
