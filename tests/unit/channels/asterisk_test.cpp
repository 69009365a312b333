#include "unit/channels/records_support.hpp"

#include <switchboard/util/time.hpp>

namespace switchboard::channels {
namespace {

const std::string answered =
    R"("acc","0301234567","1001","from-trunk","""Jane Doe"" <0301234567>","PJSIP/trunk-1","PJSIP/1001-2","Dial","PJSIP/1001,20","2026-07-01 10:00:00","2026-07-01 10:00:12","2026-07-01 10:05:12",312,300,"ANSWERED","DOCUMENTATION","1782892800.7","","","1782892800.7",12)";
const std::string unanswered =
    R"("","0309999999","1002","from-trunk",""""" <0309999999>","PJSIP/trunk-3","","Dial","PJSIP/1002","2026-07-01 11:00:00","","2026-07-01 11:00:20",20,0,"NO ANSWER","DOCUMENTATION","1782896400.9","")";

request asterisk(std::string body, gateway_settings settings = german()) {
    return {"asterisk", std::move(body), std::move(settings), "text/csv"};
}

inbound_contact contact_at(const std::vector<normalized_record>& records, std::size_t at) {
    if (at < records.size() && std::holds_alternative<inbound_contact>(records[at]))
        return std::get<inbound_contact>(records[at]);
    ADD_FAILURE() << "no contact at " << at;
    return {};
}

TEST(asterisk_gateway, makes_a_contact_of_a_line) {
    const auto contact = asterisk(answered + "\n").contact();
    EXPECT_EQ(contact.external_id, "1782892800.7.12");
    EXPECT_EQ(contact.thread_key, "1782892800.7");
    EXPECT_EQ(contact.direction, "in");
    EXPECT_EQ(contact.from, (party{"tel", "+49301234567", "Jane Doe"}));
    EXPECT_EQ(contact.to.at(0).name, "1001");
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-07-01T08:00:00Z")) << "local time of Berlin in summer";
    EXPECT_EQ(contact.duration_s, 300);
    EXPECT_EQ(details(contact)["ring_s"], 12);
    EXPECT_EQ(details(contact)["disposition"], "answered");
    EXPECT_EQ(details(contact)["accountcode"], "acc");
    EXPECT_EQ(details(contact)["lastdata"], "PJSIP/1001,20") << "a comma inside quotes";
}

TEST(asterisk_gateway, reads_many_lines_with_any_line_breaks) {
    for (const char* line_break : {"\n", "\r\n", "\n\n"}) {
        const auto records = asterisk(answered + line_break + unanswered).records();
        ASSERT_EQ(records.size(), 2u);
        const auto missed = contact_at(records, 1);
        EXPECT_EQ(missed.thread_key, "1782896400.9");
        EXPECT_TRUE(has_flag(missed, "missed"));
        EXPECT_EQ(missed.duration_s, 0);
        EXPECT_EQ(details(missed)["disposition"], "no_answer");
    }
}

TEST(asterisk_gateway, needs_no_optional_column) {
    auto line = answered.substr(0, answered.find(",\"1782892800.7\""));
    const auto contact = asterisk(line).contact();
    EXPECT_TRUE(contact.external_id.starts_with("hash:"));
    EXPECT_EQ(asterisk(line).contact().external_id, contact.external_id);
    line.replace(line.find("PJSIP/trunk-1"), 13, "PJSIP/trunk-9");
    EXPECT_NE(asterisk(line).contact().thread_key, contact.thread_key) << "another channel is another call";
}

TEST(asterisk_gateway, keeps_all_rows_that_share_a_uniqueid) {
    auto forked = unanswered;
    forked.replace(forked.find("PJSIP/1002"), 10, "PJSIP/1003");
    const auto records = asterisk(unanswered + "\n" + forked + "\n" + unanswered).records();
    ASSERT_EQ(records.size(), 3u);
    EXPECT_NE(contact_at(records, 0).external_id, contact_at(records, 1).external_id);
    EXPECT_EQ(contact_at(records, 0).external_id, contact_at(records, 2).external_id) << "the same line is a repeat";
}

TEST(asterisk_gateway, reads_the_columns_that_are_configured) {
    auto settings = german();
    settings.columns = {"start", "SRC", "dst", "billsec", "disposition", "uniqueid", "something_else"};
    const auto contact = asterisk("2026-01-01 10:00:00,0301234567,1001,61,ANSWERED,u1,x\n", settings).contact();
    EXPECT_EQ(contact.thread_key, "u1");
    EXPECT_EQ(contact.duration_s, 61);
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-01-01T09:00:00Z"));
}

TEST(asterisk_gateway, follows_a_header_line) {
    const auto records =
        asterisk("uniqueid,src,dst,start,billsec\nu2,0301234567,1001,2026-01-01 10:00:00,5\n").records();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_TRUE(std::holds_alternative<ignored_input>(records[0]));
    EXPECT_EQ(contact_at(records, 1).thread_key, "u2");
}

TEST(asterisk_gateway, knows_the_order_of_the_sample_cdr_custom) {
    const auto contact =
        asterisk(R"("""Jane"" <0301234567>","0301234567","1001","in","PJSIP/t","PJSIP/1001","Dial","x",)"
                 R"("2026-07-01 10:00:00","","2026-07-01 10:00:12","12","0","BUSY","DOCUMENTATION","","u.3","",4)")
            .contact();
    EXPECT_EQ(contact.external_id, "u.3.4");
    EXPECT_EQ(contact.from.name, "Jane");
    EXPECT_EQ(details(contact)["disposition"], "busy");
}

TEST(asterisk_gateway, quarantines_a_broken_line_alone) {
    const std::vector<std::string> broken = {
        "garbage",
        R"("open,quote,that,never,ends)",
        R"("a" b,"c")",
        "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16",
        R"("CHAN_START","1335310195.5","","","","","","s","default","TinCan/string","","","3","","1335310195.0","1","","","","")",
        answered.substr(0, answered.size() / 2),
        std::string(300, ','),
    };
    for (const auto& line : broken) {
        const auto records = asterisk(answered + "\n" + line + "\n" + unanswered + "\n").records();
        ASSERT_EQ(records.size(), 3u) << line;
        EXPECT_EQ(contact_at(records, 0).quarantine, "") << line;
        EXPECT_NE(contact_at(records, 1).quarantine, "") << line;
        EXPECT_EQ(contact_at(records, 1).text, line);
        EXPECT_EQ(contact_at(records, 2).thread_key, "1782896400.9") << line;
    }
}

TEST(asterisk_gateway, reads_line_breaks_inside_quotes) {
    auto line = answered;
    line.replace(line.find("Jane Doe"), 8, "Jane\nDoe");
    const auto records = asterisk(line + "\n" + unanswered).records();
    ASSERT_EQ(records.size(), 2u);
    EXPECT_EQ(contact_at(records, 0).from.name, "Jane Doe");
}

TEST(asterisk_gateway, is_not_slowed_by_quotes_that_never_close) {
    std::string body;
    for (int i = 0; i < 20'000; ++i) body += "\"open,1,2,3\n";
    EXPECT_EQ(asterisk(body).records().size(), 20'000u);
}

TEST(asterisk_gateway, infers_the_direction) {
    struct row {
        const char *src, *dst, *context, *direction;
    };
    for (const auto& it :
         {row{"1001", "0301234567", "from-internal", "out"}, row{"0301234567", "0305550100", "x", "in"},
          row{"0301234567", "s", "from-pstn", "in"}, row{"0305550100", "0301234567", "from-trunk", "out"},
          row{"777", "0301234567", "default", "out"}, row{"", "1", "default", "in"}}) {
        auto settings = german();
        settings.columns = {"src", "dst", "dcontext", "start"};
        const auto line = std::string(it.src) + "," + it.dst + "," + it.context + ",2026-01-01 10:00:00";
        EXPECT_EQ(asterisk(line, settings).contact().direction, it.direction) << line;
    }
}

TEST(asterisk_gateway, takes_the_earlier_moment_of_an_hour_that_comes_twice) {
    auto settings = german();
    settings.columns = {"src", "dst", "start"};
    EXPECT_EQ(asterisk("0301234567,1001,2026-10-25 02:30:00", settings).contact().occurred_at,
              parse_rfc3339("2026-10-25T00:30:00Z"));
}

} // namespace
} // namespace switchboard::channels
