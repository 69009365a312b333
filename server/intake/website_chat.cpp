#include <switchboard/intake/website_chat.hpp>

#include <switchboard/intake/mailboxes.hpp>
#include <switchboard/store/chat.hpp>

namespace switchboard::intake {
namespace {

std::optional<std::int64_t> mailbox_of(const intake_config& config, std::int64_t queue) {
    for (const auto& [id, g] : config.gateways)
        if (g.enabled && g.queue_id == queue && receives_mail(g.kind) && !g.from_address.empty()) return id;
    return std::nullopt;
}

} // namespace

const intake_gateway* find_website_chat(const intake_config* config, std::string_view name) {
    const auto* gateway = config != nullptr ? config->find(name) : nullptr;
    return gateway != nullptr && gateway->kind == "widget" && gateway->enabled ? gateway : nullptr;
}

chat_service service_of(const intake_config& config, std::int64_t gateway, std::optional<std::int64_t> queue,
                        timestamp at) {
    chat_service out;
    const auto from = config.gateways.find(gateway);
    const auto own = from == config.gateways.end() ? 0 : from->second.queue_id;
    if (const auto promises = config.promises.find(queue.value_or(own)); promises != config.promises.end()) {
        out.open = promises->second.hours.open_at(at);
        out.changes_at = promises->second.hours.next_change(at);
    }
    out.mail_gateway = mailbox_of(config, queue.value_or(own));
    if (!out.mail_gateway) out.mail_gateway = mailbox_of(config, own);
    return out;
}

boost::asio::awaitable<std::expected<receipt, refusal>> accept_visitor(intake& into, offload_pool& pool,
                                                                       store::chat_session session, std::string frame) {
    const auto config = into.config();
    const auto gateway = config->gateways.find(session.gateway_id);
    if (gateway == config->gateways.end() || !gateway->second.enabled)
        co_return std::unexpected{refusal{403, "this chat is closed"}};
    http::request r;
    r.body = std::move(frame);
    r.headers = {{"content-type", "application/json"}};
    r.query = {{"session", session.id},
               {"name", session.name},
               {"claimed_email", session.email},
               {"page_url", session.page_url}};
    auto taken = co_await accept(into, pool, gateway->second, r);
    if (!taken) co_return std::unexpected{std::move(taken.error())};
    co_return std::move(taken->front());
}

} // namespace switchboard::intake
