#include "channels/fax/fax.hpp"

#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include "channels/fax/fax_contact.hpp"
#include "channels/fax/image.hpp"
#include "channels/form.hpp"
#include "channels/phone/call.hpp"
#include "channels/records.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>

namespace switchboard::channels {

namespace {

using nlohmann::json;

/// What came: the named fields and the files in their order.
struct fax_form {
    std::map<std::string, std::string, std::less<>> fields;
    std::vector<form_part> files;

    std::string field(std::string_view name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : std::string(trim(found->second));
    }
};

std::expected<fax_form, std::string> read_fax_form(const raw_input& input, const limits& bounds) {
    fax_form form;
    for (const auto& [name, value] : input.query) form.fields.try_emplace(lower_ascii(name), value);
    const auto type = media_type(input.content_type);
    if (!type.starts_with("multipart/")) {
        if (!input.body.empty())
            form.files.push_back({.name = "file", .filename = "", .type = type, .content = std::string(input.body)});
        return form;
    }
    auto parts = parse_multipart(input.body, input.content_type, bounds.parts);
    if (!parts) return std::unexpected(parts.error());
    for (auto& part : *parts) {
        const bool is_file = !part.filename.empty() || !sniff_image(part.content).empty();
        if (is_file)
            form.files.push_back(std::move(part));
        else
            form.fields.insert_or_assign(lower_ascii(part.name), std::move(part.content));
    }
    return form;
}

std::optional<std::int64_t> count_of(const std::string& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
    constexpr std::int64_t nonsense = 1'000'000'000;
    return number < nonsense ? std::optional(number) : std::nullopt;
}

/// RFC 3339, or the receiver's local clock; HylaFAX writes the date with colons.
std::optional<timestamp> time_of(std::string text, const gateway_settings& settings) {
    if (auto exact = parse_rfc3339(text)) return exact;
    if (text.size() > 7 && text[4] == ':' && text[7] == ':') text[4] = text[7] = '-';
    return parse_local(text, settings.timezone.empty() ? "UTC" : settings.timezone);
}

std::string id_of(const fax_form& form, std::string_view body) {
    if (auto id = form.field("fax_id"); !id.empty()) return id;
    if (!form.field("commid").empty())
        return fmt::format("{}:{}:{}", form.field("host"), form.field("commid"), form.field("qfile"));
    const auto& hashed = form.files.empty() ? body : std::string_view(form.files.front().content);
    return quarantined("fax", hashed, "").external_id;
}

std::string file_name(const form_part& file, const image_facts& facts) {
    if (!file.filename.empty()) return file.filename;
    return facts.type == "application/pdf" ? "fax.pdf" : facts.type == "image/tiff" ? "fax.tif" : "fax";
}

/// Attaches the files and counts their pages. A reason if none of them is an image that can be read.
std::string take_files(fax_form& form, inbound_contact& contact, fax_facts& fax) {
    std::string reason = form.files.empty() ? "there is no image" : "";
    bool readable = false;
    for (auto& file : form.files) {
        const auto facts = look_at_image(file.content);
        const bool has_pages = !facts.type.empty() && facts.pages != 0;
        readable = readable || has_pages;
        if (has_pages && facts.pages) fax.pages = fax.pages.value_or(0) + *facts.pages;
        if (facts.damaged && !facts.type.empty()) add_flag(contact, "damaged");
        if (!has_pages) reason = facts.type.empty() ? "neither TIFF nor PDF" : "the image cannot be read";
        auto type = !facts.type.empty() ? facts.type : file.type.empty() ? "application/octet-stream" : file.type;
        auto name = file_name(file, facts);
        contact.attachments.push_back(make_attachment(std::move(name), std::move(type), std::move(file.content)));
    }
    return readable ? "" : reason;
}

} // namespace

std::vector<normalized_record> normalize_fax(const gateway_settings& settings, const raw_input& input,
                                             const limits& bounds) {
    auto form = read_fax_form(input, bounds);
    if (!form) return {quarantined("fax", input.body, form.error())};

    const auto from = form->field("from");
    const auto line = form->field("to");
    inbound_contact contact;
    if (form->field("direction") == "out") contact.direction = "out";
    contact.from = party_of(from, form->field("from_name"), settings);
    if (auto to = party_of(line, "", settings); to != party{}) contact.to.push_back(std::move(to));
    contact.external_id = id_of(*form, input.body);
    contact.occurred_at = time_of(form->field("received_at"), settings);
    contact.duration_s = count_of(form->field("duration_s"));

    fax_facts fax{
        .pages = {}, .station_id = form->field("station_id"), .error = form->field("error"), .incomplete = false};
    fax.incomplete = !fax.error.empty();
    auto reason = take_files(*form, contact, fax);
    const bool nothing_arrived = form->files.empty() && fax.incomplete; // reported, and so not a riddle
    if (nothing_arrived)
        fax.pages = 0;
    else
        contact.quarantine = std::move(reason);
    const auto stated = count_of(form->field("pages"));
    if (!fax.pages) fax.pages = stated;

    json details;
    for (const char* name : {"fax_id", "host", "commid", "qfile"}) details[name] = form->field(name);
    details["from_dialed"] = from;
    details["to_dialed"] = line;
    if (!contact.occurred_at) details["received_at"] = form->field("received_at");
    if (stated && stated != fax.pages) details["pages_stated"] = *stated;
    describe_fax(contact, fax, details);
    contact.details = details_text(details);
    return {contact};
}

} // namespace switchboard::channels
