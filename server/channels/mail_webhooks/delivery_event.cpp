#include "channels/mail_webhooks/delivery_event.hpp"

#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/email/addresses.hpp"
#include "channels/email/bounce_cause.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace switchboard::channels::mail_webhooks {

using nlohmann::json;

contact_event event_of(const delivery_word& word, const json& more) {
    json recipient{{"address", email::canonical_address(word.address)},
                   {"action", word.action},
                   {"reason", word.reason},
                   {"status", word.status}};
    if (word.type == "bounce") {
        const auto judged = email::judge_refusal(word.reason, word.status, word.action, email::smtp_command::unknown);
        recipient["severity"] = word.severity.empty() ? judged.severity : word.severity;
        recipient["cause"] = judged.cause;
        if (word.status.empty()) recipient["status"] = judged.status;
    }
    json details = more.is_object() ? more : json::object();
    details["recipients"] = json::array({recipient});
    std::string of(trim(word.of));
    std::erase_if(of, [](char c) { return c == '<' || c == '>'; });
    return {word.type, of, word.at, details_text(details)};
}

std::optional<timestamp> read_moment(const json& value) {
    const auto from_seconds = [](double seconds) -> std::optional<timestamp> {
        if (!(seconds > 0) || seconds > 253402300799.0) return std::nullopt;
        return timestamp{
            std::chrono::duration_cast<timestamp::duration>(std::chrono::milliseconds{std::llround(seconds * 1000)})};
    };
    if (value.is_number()) return from_seconds(value.get<double>());
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    double seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error == std::errc{} && end == text.data() + text.size()) return from_seconds(seconds);
    return parse_rfc3339(text);
}

std::string text_of(const json& object, const char* name) {
    if (!object.is_object()) return {};
    const auto found = object.find(name);
    if (found == object.end() || found->is_null() || found->is_structured()) return {};
    return found->is_string() ? found->get<std::string>() : found->dump();
}

} // namespace switchboard::channels::mail_webhooks
