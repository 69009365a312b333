#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::test {

using headers = std::vector<std::pair<std::string, std::string>>;

struct http_answer {
    int status = 0;
    headers fields; // names lower-case
    std::string body;

    std::string header(std::string_view name) const; // first; empty if absent
    nlohmann::json json() const;                     // fails the test when the body is not JSON
};

/// One request on a connection of its own to 127.0.0.1, whatever it is: tests send what no library would.
http_answer send_request(std::uint16_t port, const std::string& method, const std::string& target,
                         const std::string& body = {}, const headers& fields = {},
                         const std::string& connection = "close");
/// The same from another address of this machine: 127.0.0.2 and so on.
http_answer send_request_from(const std::string& address, std::uint16_t port, const std::string& method,
                              const std::string& target, const std::string& body = {}, const headers& fields = {});

/// A connection to 127.0.0.1 that is kept for many requests. Blocks.
class kept_connection {
public:
    explicit kept_connection(std::uint16_t port);
    ~kept_connection();

    /// A new one follows where the server has said that it closes this. Throws boost::system::system_error when the
    /// connection breaks, before or in the middle of the answer.
    http_answer send(const std::string& method, const std::string& target, const std::string& body,
                     const headers& fields);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace switchboard::test
