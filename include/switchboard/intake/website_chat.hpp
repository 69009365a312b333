#pragma once

#include <switchboard/intake/accept.hpp>
#include <switchboard/model/chat_service.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard::store {
struct chat_session;
}

namespace switchboard::intake {

/// An enabled website chat of this name; null = there is none.
const intake_gateway* find_website_chat(const intake_config* config, std::string_view name);

/// What visitors of this chat are told, of the queue that their ticket is in; without one, of the gateway's own. Mail
/// goes from a mailbox of that queue, or else of the gateway's own.
chat_service service_of(const intake_config& config, std::int64_t gateway, std::optional<std::int64_t> queue,
                        timestamp at);

/// Takes a visitor's message in: a frame of the chat, which goes the way of every contact. Throws what accept() throws.
boost::asio::awaitable<std::expected<receipt, refusal>> accept_visitor(intake& into, offload_pool& pool,
                                                                       store::chat_session session, std::string frame);

} // namespace switchboard::intake
