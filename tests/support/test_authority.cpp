#include "support/test_authority.hpp"

#include <fmt/ranges.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace switchboard::test {

namespace {

std::string text_in(const std::filesystem::path& file) {
    std::ostringstream out;
    out << std::ifstream{file}.rdbuf();
    return out.str();
}

constexpr const char* elliptic = "ec -pkeyopt ec_paramgen_curve:P-256";

/// A new key and a certificate for it, as `<name>.key` and `<name>.pem`.
certificate make(const std::filesystem::path& folder, const std::string& name, const std::string& terms,
                 const std::string& kind = elliptic) {
    const auto command = fmt::format("cd '{0}' && openssl req -x509 -newkey {3} -nodes "
                                     "-days 1 -subj '/CN={1}' -keyout {1}.key -out {1}.pem {2} 2> {1}.log",
                                     folder.string(), name, terms, kind);
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"openssl: " + text_in(folder / (name + ".log"))};
    return {text_in(folder / (name + ".key")), text_in(folder / (name + ".pem"))};
}

std::string by_authority(const std::string& names) {
    return "-CA authority.pem -CAkey authority.key -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=" +
           names;
}

} // namespace

test_authority::test_authority() : ca_{make(folder_.path(), "authority", "")} {}

certificate test_authority::issue(const std::string& ip_address) const {
    return make(folder_.path(), "server", by_authority("IP:" + ip_address));
}

certificate test_authority::issue_rsa(const std::vector<std::string>& names) const {
    return make(folder_.path(), "server", by_authority(fmt::format("DNS:{}", fmt::join(names, ",DNS:"))), "rsa:2048");
}

} // namespace switchboard::test
