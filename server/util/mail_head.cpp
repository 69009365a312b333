#include <switchboard/util/mail_head.hpp>

#include <switchboard/util/hash.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <utility>

namespace switchboard {

mail_head answer_to(const mail_head& question, std::string_view number, std::string_view from) {
    const bool is_answer = lower_ascii(question.subject).starts_with("re:");
    auto out = new_mail(is_answer ? question.subject : "Re: " + question.subject, number, from);
    out.in_reply_to = question.message_id;
    out.references = question.references;
    if (!question.message_id.empty()) out.references.push_back(question.message_id);
    out.thread_topic = question.thread_topic;
    out.thread_index = question.thread_index;
    return out;
}

mail_head new_mail(std::string subject, std::string_view number, std::string_view from) {
    const auto token = fmt::format("[#{}]", number);
    if (!subject.contains(token)) subject += " " + token;
    return {std::move(subject), random_hex(16) + std::string{domain_part(from)}, {}};
}

} // namespace switchboard
