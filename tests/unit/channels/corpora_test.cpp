#include "unit/channels/records_support.hpp"

#include <switchboard/util/text.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

namespace switchboard::channels {
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

std::vector<fs::path> files_of(const std::string& folder, const std::vector<std::string>& endings) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(corpora() / folder))
        if (entry.is_regular_file() && std::ranges::find(endings, entry.path().extension().string()) != endings.end())
            found.push_back(entry.path());
    std::ranges::sort(found);
    return found;
}

/// Real inputs that nobody of this project wrote; absent where the project is built elsewhere.
class real_input : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::exists(corpora())) GTEST_SKIP() << "no corpora at " << corpora();
    }

    /// The records of a file by what they are, after checking what must hold of all of them.
    static std::map<std::string, int> count(const std::string& kind, const fs::path& file,
                                            gateway_settings settings = {}) {
        const request input{kind, read(file), std::move(settings)};
        std::map<std::string, int> counts;
        const auto records = input.records();
        EXPECT_FALSE(records.empty()) << file;
        for (const auto& record : records) {
            const auto line = to_json(record);
            EXPECT_EQ(clean_utf8(line), line) << file;
            ++counts[json::parse(line)["record"].get<std::string>()];
        }
        const auto again = input.records();
        EXPECT_TRUE(std::ranges::equal(
            records, again, {}, [](const auto& r) { return to_json(r); }, [](const auto& r) { return to_json(r); }))
            << file;
        return counts;
    }
};

using counts = std::map<std::string, int>;

TEST_F(real_input, freeswitch_records_are_understood) {
    for (const auto& file : files_of("freeswitch-cdr", {".json"}))
        EXPECT_EQ(count("freeswitch", file), (counts{{"contact", 1}})) << file;
    for (const char* name :
         {"freeswitch_xml_cdr_abridged_urlencoded.xml", "freeswitch_xml_cdr_abridged_unescaped.xml.txt"})
        EXPECT_EQ(count("freeswitch", corpora() / "phone-misc" / name), (counts{{"contact", 1}})) << name;
    for (const auto& file : files_of("freeswitch-cdr", {".txt"})) // event-socket text is not a CDR
        EXPECT_EQ(count("freeswitch", file), (counts{{"quarantine", 1}})) << file;
}

TEST_F(real_input, a_freeswitch_record_keeps_its_facts) {
    gateway_settings settings;
    settings.extensions = {"1001", "1002"};
    const request input{"freeswitch",
                        read(corpora() / "freeswitch-cdr/json_cdr_1_5a3a1d91-90d3-4db4-af5c-cc3ae15d93a4.json"),
                        settings};
    const auto contact = input.contact();
    EXPECT_EQ(contact.external_id, "5a3a1d91-90d3-4db4-af5c-cc3ae15d93a4");
    EXPECT_EQ(contact.duration_s, 21);
    EXPECT_EQ(details(contact)["ring_s"], 9);
    EXPECT_EQ(details(contact)["internal"], true);
}

TEST_F(real_input, asterisk_lines_are_understood_or_kept) {
    const std::map<std::string, counts> expected = {
        {"asterisk-testsuite/asttest/self-tests/cdrlib/good.csv", {{"contact", 5}}},
        {"asterisk-testsuite/asttest/self-tests/cdrlib/buggy.csv", {{"quarantine", 1}}},
        {"asterisk-testsuite/lib/python/asterisk/self_test/Master.csv", {{"contact", 2}}},
        {"asterisk-testsuite/lib/python/asterisk/self_test/Master2.csv", {{"contact", 1}}},
        {"asterisk-testsuite/lib/python/asterisk/self_test/CELMaster1.csv", {{"quarantine", 16}}},
        {"asterisk-testsuite/lib/python/asterisk/self_test/CELMaster2.csv", {{"quarantine", 14}}},
        {"phone-misc/asterisk_Master_KelySaina.csv", {{"contact", 14}}},
        {"phone-misc/freeswitch_cdr_csv_Master.csv", {{"quarantine", 10}}},
        {"cdr-stats/addons/samples/import_cdr_100.txt", {{"quarantine", 100}}},
    };
    for (const auto& [name, wanted] : expected) EXPECT_EQ(count("asterisk", corpora() / name), wanted) << name;
}

TEST_F(real_input, fax_images_have_the_pages_that_their_tags_say) {
    const auto facts = json::parse(read(corpora() / "fax-index/tiff_facts.json"))["files"];
    ASSERT_FALSE(facts.empty());
    for (const auto& [name, fact] : facts.items()) {
        if (!fs::exists(corpora() / name)) continue;
        const auto contact = request{"fax", read(corpora() / name)}.contact();
        EXPECT_EQ(details(contact)["pages"], fact["page_count"]) << name;
        EXPECT_EQ(contact.attachments.at(0).sha256, fact["sha256"].get<std::string>()) << name;
        EXPECT_TRUE(contact.flags.empty()) << name;
    }
}

TEST_F(real_input, every_file_gives_a_record_on_every_gateway) {
    int inputs = 0;
    for (const char* folder : {"freeswitch-cdr", "asterisk-testsuite", "cdr-stats", "phone-misc", "fax-image-tiff",
                               "fax-pillow", "fax-pdfjs", "hylafax"})
        for (const auto& entry : fs::recursive_directory_iterator(corpora() / folder))
            for (const char* kind : {"phone", "freeswitch", "asterisk", "chat", "widget", "fax"})
                if (entry.is_regular_file() && !count(kind, entry.path(), german()).empty()) ++inputs;
    EXPECT_GT(inputs, 300);
}

} // namespace
} // namespace switchboard::channels
