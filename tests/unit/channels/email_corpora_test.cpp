// Every mail of the shared corpora, and everything else that lies there, through the normalizer.

#include "email_support.hpp"

#include "channels/email/reply_trim.hpp"

#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/text.hpp>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace switchboard::channels {
namespace {

namespace fs = std::filesystem;

fs::path corpora() {
    const char* set = std::getenv("SWITCHBOARD_CORPORA");
    return set ? fs::path(set) : fs::path("../shared/corpora");
}

std::string bytes_of_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<fs::path> files_with(const std::vector<std::string>& extensions) {
    std::vector<fs::path> out;
    for (const auto& entry : fs::recursive_directory_iterator(corpora())) {
        if (!entry.is_regular_file()) continue;
        if (extensions.empty() || std::ranges::find(extensions, entry.path().extension().string()) != extensions.end())
            out.push_back(entry.path());
    }
    std::ranges::sort(out);
    return out;
}

normalized_record record_of(std::string_view mail) {
    const auto records =
        normalize_email({}, raw_input{.body = mail, .content_type = {}, .headers = {}, .query = {}}, {});
    EXPECT_EQ(records.size(), 1u);
    return records.at(0);
}

inbound_contact contact_of(std::string_view mail) {
    return std::get<inbound_contact>(record_of(mail));
}

// Every string of a contact, one after the other.
std::vector<std::string> strings_of(const inbound_contact& c) {
    std::vector<std::string> all{c.channel, c.direction,  c.external_id, c.thread_key, c.subject, c.text,
                                 c.html,    c.text_reply, c.language,    c.quarantine, c.details};
    const auto add = [&](const party& p) { all.insert(all.end(), {p.kind, p.value, p.name}); };
    add(c.from);
    for (const auto* list : {&c.to, &c.cc, &c.reply_to})
        for (const auto& p : *list) add(p);
    for (const auto& a : c.attachments) all.insert(all.end(), {a.name, a.type, a.content_id, a.sha256});
    all.insert(all.end(), c.flags.begin(), c.flags.end());
    all.push_back(c.mail.message_id);
    for (const auto* list : {&c.mail.in_reply_to, &c.mail.references, &c.mail.recipients})
        all.insert(all.end(), list->begin(), list->end());
    all.push_back(c.mail.subject_token);
    return all;
}

std::vector<std::string> strings_of(const contact_event& e) {
    return {e.type, e.of, e.details};
}

struct tally {
    int contacts = 0, quarantined = 0, events = 0;
};

void check(const fs::path& file, tally& totals) {
    SCOPED_TRACE(file.string());
    const std::string mail = bytes_of_file(file);
    const double start = cpu_seconds();
    const auto record = record_of(mail);
    EXPECT_LT(cpu_seconds() - start, linear_seconds);
    EXPECT_EQ(to_json(record), to_json(record_of(mail)));
    if (const auto* event = std::get_if<contact_event>(&record)) {
        for (const auto& text : strings_of(*event)) EXPECT_EQ(clean_utf8(text), text);
        EXPECT_FALSE(event->type.empty());
        EXPECT_TRUE(nlohmann::json::accept(event->details));
        ++totals.events;
        return;
    }
    const auto& contact = std::get<inbound_contact>(record);
    for (const auto& text : strings_of(contact)) EXPECT_EQ(clean_utf8(text), text);
    EXPECT_FALSE(contact.external_id.empty());
    EXPECT_TRUE(nlohmann::json::accept(contact.details));
    ++(contact.quarantine.empty() ? totals.contacts : totals.quarantined);
}

class email_corpora : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(corpora())) GTEST_SKIP() << "no corpora at " << corpora() << "; set SWITCHBOARD_CORPORA";
    }
};

TEST_F(email_corpora, every_mail_is_one_contact_the_same_each_time_in_clean_utf8_and_under_two_seconds) {
    tally totals;
    for (const auto& file : files_with({".eml", ".msg", ".box"})) check(file, totals);
    std::cout << totals.contacts << " contacts, " << totals.events << " events, " << totals.quarantined
              << " quarantined\n";
    EXPECT_GT(totals.contacts + totals.events, 700);
    EXPECT_LT(totals.quarantined, 25);
}

TEST_F(email_corpora, whatever_else_lies_there_is_a_contact_or_quarantined_and_never_a_fault) {
    tally totals;
    for (const auto& file : files_with({}))
        if (fs::file_size(file) < (4u << 20)) check(file, totals);
    std::cout << totals.contacts << " contacts, " << totals.quarantined << " quarantined\n";
}

std::string without_blank_ends(const std::string& text) {
    std::string out;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        line.erase(line.find_last_not_of(" \t\r") + 1);
        out += line + '\n';
        at = end + 1;
    }
    return std::string(trim(out));
}

TEST_F(email_corpora, replies_are_trimmed_as_the_reply_trimmer_corpus_expects) {
    int right = 0, all = 0;
    std::string wrong;
    for (const auto& file : files_with({".txt"})) {
        if (!file.string().contains("discourse-email_reply_trimmer/test/emails/")) continue;
        const auto expected = bytes_of_file(file.parent_path().parent_path() / "trimmed" / file.filename());
        const bool same = without_blank_ends(email::trim_reply(bytes_of_file(file))) == without_blank_ends(expected);
        right += same;
        ++all;
        if (!same) wrong += file.filename().string() + " ";
    }
    EXPECT_EQ(right, all) << wrong;
    EXPECT_EQ(all, 30);
}

TEST_F(email_corpora, standard_replies_of_mail_programs_are_trimmed) {
    const auto root = corpora() / "mailgun-talon";
    const auto expected = nlohmann::json::parse(bytes_of_file(root / "expected.json")).at("expected");
    for (const auto& [name, reply] : expected.items()) {
        if (!reply.contains("plain_reply")) continue;
        const auto contact = contact_of(bytes_of_file(root / name));
        EXPECT_TRUE(contact.text_reply.starts_with("Hello")) << name;
        EXPECT_TRUE(reply.at("plain_reply").get<std::string>().contains(contact.text_reply))
            << name << ": " << contact.text_reply;
    }
}

} // namespace
} // namespace switchboard::channels
