#include "support/test_authority.hpp"

#include <fmt/format.h>

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

/// A new key and a certificate for it, as `<name>.key` and `<name>.pem`.
certificate make(const std::filesystem::path& folder, const std::string& name, const std::string& terms) {
    const auto command = fmt::format("cd '{0}' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                                     "-days 1 -subj '/CN={1}' -keyout {1}.key -out {1}.pem {2} 2> {1}.log",
                                     folder.string(), name, terms);
    if (std::system(command.c_str()) != 0) throw std::runtime_error{"openssl: " + text_in(folder / (name + ".log"))};
    return {text_in(folder / (name + ".key")), text_in(folder / (name + ".pem"))};
}

} // namespace

test_authority::test_authority() : ca_{make(folder_.path(), "authority", "")} {}

certificate test_authority::issue(const std::string& ip_address) const {
    return make(folder_.path(), "server",
                "-CA authority.pem -CAkey authority.key -addext basicConstraints=critical,CA:FALSE -addext "
                "subjectAltName=IP:" +
                    ip_address);
}

} // namespace switchboard::test
