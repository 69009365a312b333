#pragma once

#include <switchboard/intake/intake.hpp>
#include <switchboard/util/http_message.hpp>
#include <switchboard/util/offload.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {
class contacts;
}

namespace switchboard::intake {

/// Nothing of the input was kept: the sender must know. `status` is that of the answer.
struct refusal {
    int status = 400;
    std::string reason;
    std::string field{};
};

/// Whether a sender without a token can prove itself: by the gateway's secret; for Amazon SES, as
/// one of the gateway's topics.
bool can_be_proved(const intake_gateway& gateway);

/// The whole way of an input that came by HTTP: normalised on the offload pool, with what it needs of other servers,
/// then committed. One receipt for each record. Takes the body out of the request, which may be large. A refusal when
/// every record was refused. Throws what intake::receive() throws, `overloaded`, and `not_now`.
boost::asio::awaitable<std::expected<std::vector<receipt>, refusal>>
accept(intake& into, offload_pool& pool, const intake_gateway& from, http::request& r);

/// Takes in a test contact of this gateway: what its sender would push, without its proof, by the same way as
/// everybody's. Its contacts have the flag `test`. Empty = nothing is pushed to gateways of this kind. Throws what
/// accept() throws.
boost::asio::awaitable<std::optional<std::vector<receipt>>>
take_test(intake& into, offload_pool& pool, const intake_gateway& from, std::string id, timestamp at);

struct replay_counts {
    std::size_t tried = 0;      // quarantined contacts of this input
    std::size_t understood = 0; // that are contacts or events now, or repeats of one
};

/// Takes the input of a quarantined contact in once more, as its gateway is set up now and its kind is read now. Each
/// contact of that input that is still quarantined and can now be understood is filled, with its id and its bytes;
/// what was understood before is left alone. Empty = there is no such quarantined contact. Throws what accept() throws.
boost::asio::awaitable<std::optional<replay_counts>> replay(intake& into, offload_pool& pool, store::contacts& kept,
                                                            std::int64_t contact);

} // namespace switchboard::intake
