#include "intake/classify.hpp"

#include "intake/word_search.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <optional>

namespace switchboard::intake {
namespace {

constexpr std::size_t searched_bytes = 64u << 10; // of a text: what a letter is about stands at its head

template <class T>
bool holds(const std::vector<T>& wanted, const auto& actual) {
    return wanted.empty() || std::ranges::find(wanted, actual) != wanted.end();
}

bool is_address(std::string_view wanted, std::string_view actual) {
    if (wanted.starts_with("*@")) return actual.ends_with(wanted.substr(1));
    return wanted == actual;
}

bool addresses_hold(const classification_rule& rule, const inbound_contact& c) {
    if (rule.addresses.empty()) return true;
    const auto is_wanted = [&](std::string_view address) {
        const auto lower = lower_ascii(address);
        return std::ranges::any_of(rule.addresses, [&](const auto& wanted) { return is_address(wanted, lower); });
    };
    const auto party_is = [&](const party& p) { return is_wanted(p.value); };
    return party_is(c.from) || std::ranges::any_of(c.to, party_is) || std::ranges::any_of(c.cc, party_is) ||
           std::ranges::any_of(c.mail.recipients, is_wanted);
}

bool languages_hold(const classification_rule& rule, const inbound_contact& c) {
    if (rule.languages.empty()) return true;
    const auto actual = lower_ascii(c.language);
    return std::ranges::any_of(rule.languages, [&](const auto& wanted) {
        return actual == wanted || (actual.starts_with(wanted) && actual[wanted.size()] == '-');
    });
}

/// Subject and text, folded when the first rule asks for them.
class folded_words {
public:
    explicit folded_words(const inbound_contact& c) : contact_{c} {}
    const std::string& text() {
        if (!text_) {
            text_ = fold(contact_.subject);
            text_->append("\n").append(fold(truncate_utf8(contact_.text, searched_bytes)));
        }
        return *text_;
    }

private:
    const inbound_contact& contact_;
    std::optional<std::string> text_;
};

bool words_hold(const classification_rule& rule, folded_words& words) {
    return rule.words.empty() ||
           std::ranges::any_of(rule.words, [&](const auto& word) { return has_word(words.text(), word); });
}

void add(std::vector<skill_need>& needs, const skill_need& more) {
    const auto it = std::ranges::find(needs, more.skill_id, &skill_need::skill_id);
    if (it == needs.end())
        needs.push_back(more);
    else
        it->min = std::max(it->min, more.min);
}

void add(std::vector<licence_need>& needs, const licence_need& more) {
    const auto same = [&](const licence_need& n) {
        return n.licence_id == more.licence_id && n.jurisdiction == more.jurisdiction;
    };
    if (std::ranges::none_of(needs, same)) needs.push_back(more);
}

} // namespace

classification classify(const intake_config& config, const intake_gateway& from, const inbound_contact& contact) {
    std::optional<std::int64_t> queue_id, priority, tier, difficulty;
    classification out;
    folded_words words{contact};
    for (const auto& rule : config.rules) {
        if (!holds(rule.gateway_ids, from.id) || !holds(rule.channels, contact.channel) ||
            !languages_hold(rule, contact) || !addresses_hold(rule, contact) || !words_hold(rule, words))
            continue;
        if (rule.queue_id && !queue_id) {
            const auto q = config.queues.find(*rule.queue_id);
            if (q != config.queues.end() && q->second.active) queue_id = rule.queue_id;
        }
        if (!priority) priority = rule.priority;
        if (!tier) tier = rule.tier;
        if (!difficulty) difficulty = rule.difficulty;
        if (out.language.empty()) out.language = rule.language;
        for (const auto& need : rule.skills) add(out.skills, need);
        for (const auto& need : rule.licences) add(out.licences, need);
        if (rule.stop) break;
    }
    out.queue_id = queue_id.value_or(from.queue_id);
    out.priority = priority.value_or(out.priority);
    out.tier = tier.value_or(out.tier);
    out.difficulty = difficulty.value_or(out.difficulty);
    if (out.language.empty()) out.language = contact.language;
    if (const auto q = config.queues.find(out.queue_id); q != config.queues.end()) {
        for (const auto& need : q->second.skills) add(out.skills, need);
        for (const auto& need : q->second.licences) add(out.licences, need);
    }
    return out;
}

} // namespace switchboard::intake
