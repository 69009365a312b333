#include "store/mail_details.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::store {

using nlohmann::json;

json details_of(const mail_head& head, std::string_view auto_submitted) {
    auto out = json::object();
    if (!head.in_reply_to.empty()) out["in_reply_to"] = head.in_reply_to;
    if (!head.references.empty()) out["references"] = head.references;
    if (!head.thread_topic.empty()) out["thread_topic"] = head.thread_topic;
    if (!head.thread_index.empty()) out["thread_index"] = head.thread_index; // which ours continues
    if (!auto_submitted.empty()) out["auto_submitted"] = auto_submitted;
    return out;
}

void read_details(const json& details, mail_head& to) {
    to.in_reply_to = details.value("in_reply_to", "");
    to.references = details.value("references", std::vector<std::string>{});
    to.thread_topic = details.value("thread_topic", "");
    to.thread_index = details.value("thread_index", "");
}

} // namespace switchboard::store
