// The real inputs of the shared corpora, through HTTP, into the whole server.

#include "support/running_server.hpp"

#include "channels/email/raw_mail.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>

namespace switchboard {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path corpora() {
    const char* chosen = std::getenv("SWITCHBOARD_CORPORA");
    return chosen ? fs::path(chosen) : fs::path("../shared/corpora");
}

std::string read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

bool ends_with(const fs::path& file, std::initializer_list<const char*> endings) {
    return std::ranges::any_of(endings, [&](const char* e) { return file.string().ends_with(e); });
}

/// Whether a file is an e-mail: by its name, or because it begins like one. Some corpora name theirs .txt or nothing;
/// beside them lie what their own parsers made of them.
bool is_mail(const fs::path& file) {
    if (ends_with(file, {".eml", ".msg", ".box"})) return true;
    if (ends_with(file, {".out", "-summary.txt"}) || file.string().find("_decoded") != std::string::npos) return false;
    const auto head = read(file).substr(0, 16u << 10);
    static const std::regex first{
        "^(\xEF\xBB\xBF)?(From [^\n]*\n)?(return-path|received|from|to|subject|date|message-id|"
        "mime-version|delivered-to|x-[a-z-]+|content-type|reply-to|sender)\\s*:",
        std::regex::icase | std::regex::optimize};
    static const std::regex any{"\n(from|message-id|received)\\s*:", std::regex::icase | std::regex::optimize};
    const auto header = '\n' + head.substr(0, std::min(head.find("\n\n"), head.find("\r\n\r\n")));
    return std::regex_search(head, first, std::regex_constants::match_continuous) && std::regex_search(header, any);
}

template <class P>
std::vector<fs::path> files(std::initializer_list<const char*> folders, P wanted) {
    std::vector<fs::path> out;
    for (const char* folder : folders)
        for (const auto& entry : fs::recursive_directory_iterator(corpora() / folder))
            if (entry.is_regular_file() && !entry.path().filename().string().starts_with("ORIGIN") &&
                wanted(entry.path()))
                out.push_back(entry.path());
    std::ranges::sort(out);
    return out;
}

/// What the answers of one pass say.
struct tally {
    int inputs = 0, items = 0, repeated = 0, fresh = 0;
    std::map<std::string, int> outcomes; // of what was new
    double slowest_s = 0;
};

class real_input : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(corpora())) GTEST_SKIP() << "no corpora at " << corpora() << "; set SWITCHBOARD_CORPORA";
        server.emplace([](config& c) { c.log_level = "error"; });
        admin.emplace(server->person("admin"));
        queue = admin->post("/api/v1/queues", {{"name", "Everything"}}).json()["id"];
        machine.emplace(server->machine({{"name", "corpora"}, {"scopes", {"intake"}}}));
    }

    void gateway(const std::string& name, const std::string& kind) {
        const auto made = admin->post("/api/v1/gateways", {{"name", name}, {"kind", kind}, {"queue_id", queue}});
        ASSERT_EQ(made.status, 201) << made.body;
    }

    std::int64_t count(const std::string& from) {
        pqxx::connection c{server->database_url()};
        return pqxx::nontransaction{c}.exec("SELECT count(*) FROM " + from)[0][0].as<std::int64_t>();
    }
    /// Rows of everything that a contact leaves behind.
    std::vector<std::int64_t> rows() {
        std::vector<std::int64_t> out;
        for (const char* table : {"contact", "contact_raw", "attachment", "contact_event", "ticket", "customer",
                                  "customer_identity", "event", "outbox"})
            out.push_back(count(table));
        return out;
    }

    /// The items of the answer, which is checked for what every answer must be.
    json post(const std::string& gateway, const std::string& body, const std::string& type, tally& t) {
        const auto begin = std::clock(); // what this process works, which a busy machine does not lengthen
        const auto answer = machine->send("POST", "/api/v1/intake/" + gateway, body, {{"Content-Type", type}});
        const auto took = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        t.slowest_s = std::max(t.slowest_s, took);
        EXPECT_LT(took, 2.0);
        EXPECT_TRUE(answer.status == 200 || answer.status == 201) << answer.status << ' ' << answer.body;
        const auto a = answer.json();
        const auto items = a.contains("items") && !a["items"].empty() ? a["items"] : json::array({a});
        ++t.inputs;
        bool any_fresh = false;
        for (const auto& item : items) {
            ++t.items;
            EXPECT_GT(item.value("contact_id", 0), 0) << answer.body;
            const std::string outcome = item["outcome"];
            EXPECT_TRUE(outcome == "ticketed" || outcome == "bounce" || outcome == "quarantined" || outcome == "event")
                << answer.body; // an event is a report on another mail of the corpora
            EXPECT_EQ(item["ticket_id"].is_null(), outcome == "quarantined") << answer.body;
            if (item["duplicate"]) continue;
            any_fresh = true;
            ++t.fresh;
            ++t.outcomes[outcome];
        }
        EXPECT_EQ(answer.status, any_fresh ? 201 : 200) << answer.body;
        return items;
    }

    /// Posts all, and all again. A contact is new unless what `identities` gives for it was there before.
    template <class I>
    tally post_twice(const std::string& gateway, const std::vector<fs::path>& inputs, I identities,
                     const std::string& type) {
        tally first, second;
        std::map<std::string, json> known;
        std::vector<std::string> fresh_inputs;
        for (const auto& file : inputs) {
            SCOPED_TRACE(file.string());
            const auto body = read(file);
            const auto fresh_before = first.fresh;
            const auto items = post(gateway, body, type, first);
            const auto names = identities(body, items.size());
            EXPECT_EQ(items.size(), names.size());
            for (std::size_t i = 0; i < std::min(items.size(), names.size()); ++i) {
                const auto [it, is_new] = known.emplace(names[i], items[i]);
                first.repeated += !is_new;
                EXPECT_EQ(items[i]["duplicate"].template get<bool>(), !is_new);
            }
            if (first.fresh > fresh_before) fresh_inputs.push_back(sha256_hex(body));
        }
        EXPECT_THAT(kept(), testing::IsSupersetOf(fresh_inputs)) << "an input is not there as it came";
        const auto before = rows();
        for (const auto& file : inputs) {
            SCOPED_TRACE(file.string());
            const auto body = read(file);
            const auto items = post(gateway, body, type, second);
            const auto names = identities(body, items.size());
            for (std::size_t i = 0; i < std::min(items.size(), names.size()); ++i) {
                EXPECT_EQ(items[i]["contact_id"], known.at(names[i])["contact_id"]);
                EXPECT_EQ(items[i]["ticket_id"], known.at(names[i])["ticket_id"]);
            }
        }
        EXPECT_EQ(second.fresh, 0);
        EXPECT_EQ(rows(), before) << "a repeat left something behind";

        const auto here = fmt::format("contact c JOIN gateway g ON g.id = c.gateway_id WHERE g.name = '{}'", gateway);
        EXPECT_EQ(count(here) + count("contact_event WHERE type <> 'delivered_again'"), first.fresh);
        for (const auto& [outcome, number] : first.outcomes)
            if (outcome != "event") EXPECT_EQ(count(here + " AND c.outcome = '" + outcome + "'"), number) << outcome;
        EXPECT_EQ(count("event WHERE type = 'contact.received'"), count("contact"));
        EXPECT_EQ(count("contact c WHERE NOT EXISTS (SELECT FROM contact_raw r WHERE r.contact_id = c.id)"), 0);
        EXPECT_EQ(admin->get("/readyz").status, 200);
        report(gateway, first);
        return first;
    }

    static void report(const std::string& gateway, const tally& t) {
        fmt::print("{:12} {:4} inputs, {:4} items ({} repeated in the corpora): {:4} rows", gateway, t.inputs, t.items,
                   t.repeated, t.fresh);
        for (const auto& [outcome, number] : t.outcomes) fmt::print(", {} {}", number, outcome);
        fmt::print("; slowest {:.3f} s\n", t.slowest_s);
    }

    std::set<std::string> kept() {
        pqxx::connection c{server->database_url()};
        std::set<std::string> out;
        for (const auto& row :
             pqxx::nontransaction{c}.exec("SELECT encode(sha256(body), 'hex') FROM contact_raw UNION ALL "
                                          "SELECT encode(sha256(raw), 'hex') FROM contact_event"))
            out.insert(row[0].c_str());
        return out;
    }

    /// A mail that came by another way is the same mail, and so is one whose words, moment and files the first of its
    /// Message-ID has: relays and lists change headers and add their own words.
    std::vector<std::string> letter(const std::string& body, std::size_t) {
        std::string storage;
        auto own = channels::email::letter_hash(channels::email::readable_mail(body, storage));
        const auto records =
            channels::normalize("email", {}, {.body = body, .content_type = {}, .headers = {}, .query = {}});
        const auto* event = std::get_if<contact_event>(&records.front());
        const auto* mail = event ? event->unmatched.get() : std::get_if<inbound_contact>(&records.front());
        if (mail == nullptr || mail->mail.message_id.empty() || !mail->quarantine.empty()) return {own};
        own = mail->mail.message_id + ' ' + own;
        const auto [first, is_first] = first_of.emplace(mail->mail.message_id, known_mail{own, *mail});
        const auto& [key, known] = first->second;
        const auto has = [](const std::string& all, const std::string& some) {
            return !some.empty() ? all.find(some.substr(0, 1500)) != all.npos : all.empty();
        };
        const auto words = squeezed(mail->text), known_words = squeezed(known.text);
        bool same = mail->occurred_at && mail->occurred_at == known.occurred_at &&
                    (words.size() < known_words.size() ? has(known_words, words) : has(words, known_words));
        for (const auto& file : mail->attachments)
            same = same &&
                   std::ranges::find(known.attachments, file.sha256, &attachment::sha256) != known.attachments.end();
        return {is_first || !same ? own : key};
    }
    static std::string squeezed(std::string text) {
        text.resize(truncate_utf8(text, 8000).size());
        std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
        return text;
    }
    static std::vector<std::string> itself(const std::string& body, std::size_t) { return {sha256_hex(body)}; }
    static std::vector<std::string> lines(const std::string& body, std::size_t items) {
        if (items == 1) return {std::string{trim(body)}}; // one line, or no table at all
        std::vector<std::string> out;
        std::istringstream in{body};
        for (std::string line; std::getline(in, line);)
            if (!trim(line).empty()) out.emplace_back(trim(line));
        return out;
    }

    std::optional<test::running_server> server;
    std::optional<test::client> admin, machine;
    std::int64_t queue = 0;
    using known_mail = std::pair<std::string, inbound_contact>;
    std::map<std::string, known_mail> first_of; // by Message-ID
};

TEST_F(real_input, every_mail_is_one_contact_or_one_quarantined_contact_and_once) {
    gateway("mail", "email");
    const auto mails = files({"."}, is_mail);
    const auto t = post_twice(
        "mail", mails, [this](const std::string& body, std::size_t n) { return letter(body, n); }, "message/rfc822");
    EXPECT_GT(t.inputs, 850);
    EXPECT_EQ(t.items, t.inputs);
    EXPECT_EQ(t.fresh + t.repeated, t.inputs);
    EXPECT_LT(t.outcomes.at("quarantined"), 40);
}

TEST_F(real_input, every_call_record_is_one_contact_for_each_call) {
    gateway("freeswitch", "freeswitch");
    gateway("asterisk", "asterisk");
    const auto switch_records = files({"freeswitch-cdr", "phone-misc"},
                                      [](const auto& f) { return ends_with(f, {".json", ".xml", ".xml.txt"}); });
    EXPECT_EQ(post_twice("freeswitch", switch_records, itself, "application/octet-stream").items,
              static_cast<int>(switch_records.size()));

    const auto tables = files({"asterisk-testsuite", "phone-misc", "cdr-stats"},
                              [](const auto& f) { return ends_with(f, {".csv", "import_cdr_100.txt"}); });
    const auto t = post_twice("asterisk", tables, lines, "text/csv");
    EXPECT_GT(t.fresh, 150);
}

TEST_F(real_input, every_fax_image_is_one_contact) {
    gateway("fax", "fax");
    const auto images = files({"fax-image-tiff", "fax-pillow", "fax-pdfjs"},
                              [](const auto& f) { return ends_with(f, {".tif", ".tiff", ".pdf", ".g3"}); });
    const auto t = post_twice("fax", images, itself, "application/octet-stream");
    EXPECT_GT(t.inputs, 20);
    EXPECT_EQ(t.items, t.inputs);
}

} // namespace
} // namespace switchboard
