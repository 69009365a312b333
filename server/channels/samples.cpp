#include "channels/samples.hpp"

#include <switchboard/util/text.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <map>
#include <string_view>
#include <vector>

namespace switchboard::channels {

namespace {

using nlohmann::json;

constexpr std::string_view words = "This is a test of the gateway. Nobody waits for an answer.";
constexpr std::string_view subject = "Test contact";
constexpr std::string_view sender = "test@example.invalid"; // a name that no answer can reach (RFC 2606)
constexpr std::string_view caller = "+12025550100";         // a number that nobody has

std::string first_of(const std::vector<std::string>& ours, std::string_view otherwise) {
    return ours.empty() ? std::string{otherwise} : ours.front();
}

std::string our_address(const gateway_settings& s) {
    return first_of(s.own_addresses, "support@example.org");
}

std::string our_number(const gateway_settings& s) {
    return first_of(s.own_numbers, "+12025550199");
}

std::string message_id(const std::string& id) {
    return fmt::format("<{}@example.invalid>", id);
}

} // namespace

std::string sample_email(const gateway_settings& s, const std::string& id, const std::string&) {
    // It asks for no automatic answer, since none would arrive.
    return fmt::format("From: Test <{}>\nTo: {}\nSubject: {}\nMessage-ID: {}\nX-Auto-Response-Suppress: All\n"
                       "Content-Type: text/plain; charset=utf-8\n\n{}\n",
                       sender, our_address(s), subject, message_id(id), words);
}

std::string sample_sendgrid(const gateway_settings& s, const std::string& id, const std::string& at) {
    return json{{"envelope", json{{"from", sender}, {"to", {our_address(s)}}}.dump()},
                {"email", sample_email(s, id, at)}}
        .dump(2);
}

std::string sample_mailgun(const gateway_settings& s, const std::string& id, const std::string& at) {
    return json{{"sender", sender}, {"recipient", our_address(s)}, {"body-mime", sample_email(s, id, at)}}.dump(2);
}

std::string sample_postmark(const gateway_settings& s, const std::string& id, const std::string& at) {
    return json{{"MessageID", id},
                {"FromFull", {{"Email", sender}, {"Name", "Test"}}},
                {"OriginalRecipient", our_address(s)},
                {"RawEmail", sample_email(s, id, at)}}
        .dump(2);
}

std::string sample_ses(const gateway_settings& s, const std::string& id, const std::string& at) {
    return json{{"notificationType", "Received"},
                {"mail", {{"messageId", id}, {"source", sender}, {"destination", {our_address(s)}}}},
                {"receipt", {{"recipients", {our_address(s)}}}},
                {"content", sample_email(s, id, at)}}
        .dump(2);
}

std::string sample_phone(const gateway_settings& s, const std::string& id, const std::string& at) {
    return json{{"call_id", id},    {"direction", "in"}, {"from", caller}, {"to", our_number(s)},
                {"started_at", at}, {"ended_at", at},    {"notes", words}}
        .dump(2);
}

std::string sample_freeswitch(const gateway_settings& s, const std::string& id, const std::string& at) {
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(parse_rfc3339(at).value_or(timestamp{}).time_since_epoch());
    const auto epoch = std::to_string(seconds.count());
    return json{{"variables",
                 {{"uuid", id},
                  {"direction", "inbound"},
                  {"start_epoch", epoch},
                  {"end_epoch", epoch},
                  {"duration", "0"},
                  {"billsec", "0"},
                  {"hangup_cause", "NO_ANSWER"}}},
                {"callflow", json::array({{{"caller_profile",
                                            {{"caller_id_name", "Test"},
                                             {"caller_id_number", caller},
                                             {"destination_number", our_number(s)},
                                             {"uuid", id}}}}})}}
        .dump(2);
}

std::string sample_asterisk(const gateway_settings& s, const std::string& id, const std::string& at) {
    static const std::vector<std::string> usual{
        "accountcode", "src",    "dst", "dcontext", "clid",    "channel",     "dstchannel", "lastapp", "lastdata",
        "start",       "answer", "end", "duration", "billsec", "disposition", "amaflags",   "uniqueid"};
    const std::map<std::string, std::string, std::less<>> row{{"src", std::string{caller}},
                                                              {"clid", "Test"},
                                                              {"dst", our_number(s)},
                                                              {"channel", "PJSIP/test-00000001"},
                                                              {"start", at},
                                                              {"end", at},
                                                              {"duration", "0"},
                                                              {"billsec", "0"},
                                                              {"disposition", "NO ANSWER"},
                                                              {"amaflags", "DOCUMENTATION"},
                                                              {"uniqueid", id},
                                                              {"notes", std::string{words}}};
    std::vector<std::string> fields;
    for (const auto& name : s.columns.empty() ? usual : s.columns) {
        const auto found = row.find(lower_ascii(trim(name)));
        fields.push_back(found == row.end() ? "\"\"" : fmt::format("\"{}\"", found->second));
    }
    return fmt::format("{}\n", fmt::join(fields, ","));
}

std::string sample_chat(const gateway_settings&, const std::string& id, const std::string& at) {
    return json{
        {"session_id", id}, {"message_id", "1"}, {"at", at}, {"from", {{"id", id}, {"name", "Test"}}}, {"text", words}}
        .dump(2);
}

std::string sample_fax(const gateway_settings& s, const std::string& id, const std::string& at) {
    std::string out;
    const auto field = [&](std::string_view name, std::string_view value) {
        out += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n", sample_boundary, name,
                           value);
    };
    field("fax_id", id);
    field("from", caller);
    field("to", our_number(s));
    field("received_at", at);
    out += fmt::format("--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"test.pdf\"\r\n"
                       "Content-Type: application/pdf\r\n\r\n",
                       sample_boundary);
    out += "%PDF-1.4\n"
           "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
           "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n"
           "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R"
           "/Resources<</Font<</F 5 0 R>>>>>>\nendobj\n"
           "4 0 obj\n<</Length 41>>\nstream\nBT /F 18 Tf 40 45 Td (Test contact) Tj ET\nendstream\nendobj\n"
           "5 0 obj\n<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>\nendobj\n"
           "trailer\n<</Root 1 0 R/Size 6>>\n%%EOF\n";
    out += fmt::format("\r\n--{}--\r\n", sample_boundary);
    return out;
}

} // namespace switchboard::channels
