#include "app/chat_doors.hpp"

#include <switchboard/intake/website_chat.hpp>
#include <switchboard/store/chat.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/time.hpp>

#include <utility>

namespace switchboard::app {
namespace {

boost::asio::awaitable<live::chat_receipt> take(intake::intake& into, offload_pool& pool, store::chat_session session,
                                                std::string frame) {
    const auto taken = co_await intake::accept_visitor(into, pool, std::move(session), std::move(frame));
    if (!taken) co_return live::chat_receipt{{}, {}, taken.error().reason};
    co_return live::chat_receipt{taken->seq, taken->ticket_id, taken->detail};
}

} // namespace

live::chat_doors chat_doors_of(intake::intake& into, offload_pool& pool, std::function<void()> bell) {
    return {.intake = [&into, &pool](const store::chat_session& by,
                                     std::string frame) { return take(into, pool, by, std::move(frame)); },
            .service =
                [&into](std::int64_t gateway, std::optional<std::int64_t> queue) {
                    return intake::service_of(*into.config(), gateway, queue, now());
                },
            .is_own_mailbox =
                [&into](std::string_view address) {
                    return into.config()->own_addresses.contains(without_plus_tag(address));
                },
            .bell = std::move(bell)};
}

} // namespace switchboard::app
