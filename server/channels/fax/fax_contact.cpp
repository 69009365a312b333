#include "channels/fax/fax_contact.hpp"

#include <switchboard/util/text.hpp>

#include "channels/phone/call.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

std::string identity_of(const party& who) {
    return who.value.empty() ? who.name : who.value;
}

std::string pages_in_words(const std::optional<std::int64_t>& pages) {
    if (!pages) return "";
    return fmt::format("{} {}, ", *pages, *pages == 1 ? "page" : "pages");
}

} // namespace

void describe_fax(inbound_contact& contact, const fax_facts& facts, nlohmann::json& details) {
    contact.channel = "fax";
    const std::string station(trim(facts.station_id));
    if (contact.from.kind.empty() && contact.direction == "in" && !station.empty())
        contact.from = {.kind = "fax_csid", .value = station, .name = contact.from.name};

    const auto to = contact.to.empty() ? party{} : contact.to.front();
    const bool outbound = contact.direction == "out";
    const auto& ours = outbound ? contact.from : to;
    const auto& theirs = outbound ? to : contact.from;
    contact.subject =
        fmt::format("Fax, {}{} {}", pages_in_words(facts.pages), outbound ? "to" : "from", display_name(theirs));
    // Without the other side all anonymous faxes of a line would become one thread.
    if (!identity_of(theirs).empty()) contact.thread_key = identity_of(ours) + "|" + identity_of(theirs);
    if (facts.incomplete) add_flag(contact, "partial");
    if (facts.pages) details["pages"] = *facts.pages;
    details["station_id"] = station;
    details["error"] = facts.error;
}

} // namespace switchboard::channels
