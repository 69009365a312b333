#include "api/intake_answers.hpp"

namespace switchboard::api {
namespace {

intake_item item_of(const store::intake_receipt& r) {
    intake_item out;
    if (r.contact_id != 0) out.contact_id = r.contact_id;
    out.ticket_id = r.ticket_id;
    if (r.ticket_id) out.ticket_number = std::to_string(*r.ticket_id);
    out.outcome = r.outcome;
    out.duplicate = r.duplicate;
    return out;
}

} // namespace

intake_answer intake_answer_of(const std::vector<store::intake_receipt>& receipts) {
    intake_answer out{{.outcome = "ignored"}, {}, {}};
    for (const auto& r : receipts) out.items.push_back(item_of(r));
    if (!out.items.empty()) static_cast<intake_item&>(out) = out.items.front();
    if (!receipts.empty() && !receipts.front().detail.empty()) out.detail = receipts.front().detail;
    if (out.items.size() == 1) out.items.clear();
    return out;
}

} // namespace switchboard::api
