#pragma once

#include <switchboard/intake/intake.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/util/offload.hpp>

#include <boost/asio/awaitable.hpp>

#include <expected>
#include <string>
#include <vector>

namespace switchboard::intake {

/// Nothing of the input was kept: the sender must know. `status` is that of the answer.
struct refusal {
    int status = 400;
    std::string reason;
    std::string field{};
};

/// The whole way of an input that came by HTTP: normalised on the offload pool, then committed. One receipt for each
/// record. Takes the body out of the request, which may be large. A refusal when every record was refused. Throws what intake::receive() throws, and `overloaded`.
boost::asio::awaitable<std::expected<std::vector<receipt>, refusal>> accept(intake& into, offload_pool& pool,
                                                                            const intake_gateway& from,
                                                                            http::request& r);

} // namespace switchboard::intake
