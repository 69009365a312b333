#include "intake/planner.hpp"

/// What has come before: the same input, another delivery of one letter, our own words on their way back.
namespace switchboard::intake {

std::optional<planner::place> planner::place_of(const store::external_key& key) const {
    if (const auto known = answers_.contacts.find(key); known != answers_.contacts.end()) {
        const auto& k = known->second;
        const auto outcome = k.outcome == "sent" ? "ticketed" : k.outcome;
        return place{{k.id, k.ticket_id, outcome, true, k.thread_seq, {}}, k.letter};
    }
    const auto here = placed_.find(key);
    if (here == placed_.end()) return std::nullopt;
    auto out = here->second;
    out.receipt.duplicate = true;
    return out;
}

std::optional<store::intake_receipt> planner::repeated(const inbound_contact& c, store::contact_row& row) {
    if (row.item->ours) { // what we sent has come back: it is there already
        const auto [from, to] = messages_.equal_range(c.mail.message_id);
        for (auto it = from; it != to; ++it)
            if (it->second.sent)
                return delivered_again(*row.item, row.external_id,
                                       {it->second.contact_id, it->second.ticket_id, "ticketed", true, {}, {}});
    }
    auto known = place_of({row.item->gateway_id, row.external_id});
    if (known && row.item->mends == known->receipt.contact_id) return std::nullopt; // it is this one
    const auto letter = letter_of(c);
    if (known && known->receipt.outcome != "quarantined" && known->letter.hash != letter.hash &&
        is_one_letter(known->letter, letter))
        return delivered_again(*row.item, row.external_id, known->receipt);
    if (known && !is_one_letter(known->letter, letter)) {
        row.same_message_id_as = known->receipt.contact_id;
        row.external_id = other_external_id(c);
        known = place_of({row.item->gateway_id, row.external_id});
        if (known && row.item->mends == known->receipt.contact_id) return std::nullopt;
    }
    if (!known) return std::nullopt;
    return known->receipt;
}

store::intake_receipt planner::delivered_again(const store::intake_item& item, const std::string& external_id,
                                               store::intake_receipt first) {
    out_.deliveries_again.push_back({&item, external_id, first.contact_id});
    if (item.mends) out_.repeats.push_back({*item.mends, first.contact_id});
    return first;
}

std::optional<store::known_twin> planner::twin(const store::intake_item& item, const inbound_contact& c) const {
    if (c.mail.message_id.empty() || c.direction != "in") return std::nullopt;
    const auto kept = answers_.twins.find({item.gateway_id, c.mail.message_id});
    if (kept != answers_.twins.end()) return kept->second;
    for (auto [it, end] = mails_.equal_range(c.mail.message_id); it != end; ++it)
        if (it->second.first != item.gateway_id) return it->second.second;
    return std::nullopt;
}

} // namespace switchboard::intake
