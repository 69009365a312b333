#include "unit/channels/records_support.hpp"

#include <switchboard/model/gateway_secrets.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <set>

namespace switchboard::channels {
namespace {

using nlohmann::json;

TEST(normalizing, knows_its_kinds) {
    const std::vector<std::pair<std::string_view, std::string_view>> channels = {
        {"email", "email"}, {"sendgrid", "email"}, {"mailgun", "email"},    {"postmark", "email"},
        {"ses", "email"},   {"phone", "phone"},    {"freeswitch", "phone"}, {"asterisk", "phone"},
        {"chat", "chat"},   {"widget", "chat"},    {"fax", "fax"}};
    EXPECT_EQ(kinds().size(), channels.size());
    for (const auto& [kind, channel] : channels) EXPECT_EQ(channel_of(kind), channel);
    EXPECT_EQ(channel_of("telex"), "");
    EXPECT_EQ((request{"telex", "x"}.only<refused_input>().field), "kind");
}

TEST(normalizing, quarantines_what_is_too_large) {
    limits small;
    small.message_bytes = 10;
    for (const char* kind : {"phone", "freeswitch", "asterisk", "chat", "widget", "fax"}) {
        const auto contact = request{kind, std::string(11, 'x')}.only<inbound_contact>(small);
        EXPECT_EQ(contact.quarantine, "larger than 10 bytes") << kind;
        EXPECT_EQ(contact.channel, channel_of(kind));
        EXPECT_TRUE(contact.external_id.starts_with("sha256:"));
    }
}

TEST(normalizing, keeps_the_whole_of_a_text_that_is_too_long_to_show) {
    limits small;
    small.shown_text_bytes = 5;
    const auto contact = request{"chat", R"({"session_id":"s","message_id":"m","from":{"id":"v"},"text":"12345678"})"}
                             .only<inbound_contact>(small);
    EXPECT_EQ(contact.text, "12345");
    EXPECT_EQ(contact.attachments.at(0).content, "12345678");
    EXPECT_TRUE(has_flag(contact, "partial"));
}

TEST(normalizing, lets_no_line_break_or_other_control_into_a_subject_or_a_name) {
    const auto mail =
        request{"email", "From: =?utf-8?Q?Ann=0D=0ALee?= <a@b.c>\r\nSubject: =?utf-8?Q?Bro=0D=0A=20ken=07?= "
                         "=?utf-8?B?4oCoZ2F0ZQ==?=\r\nContent-Type: text/plain; name*=utf-8''a%0Ab.txt\r\n"
                         "Content-Disposition: attachment\r\n\r\nhi\r\n"}
            .contact();
    EXPECT_EQ(mail.from.name, "Ann  Lee");
    EXPECT_EQ(mail.subject, "Bro   ken gate");
    for (const auto& file : mail.attachments) EXPECT_EQ(file.name.find('\n'), std::string::npos);
    const auto message = request{"chat", R"({"session_id":"s","message_id":"m","text":"two\nlines",
                                            "from":{"id":"v","name":"Ann\r\nLee\u0000\u009b"}})"}
                             .contact();
    EXPECT_EQ(message.from.name, "Ann Lee");
    EXPECT_EQ(message.text, "two\nlines") << "where lines belong they stay";
}

TEST(normalizing, keeps_long_ids_apart) {
    const auto id_of = [](char last) {
        return request{"chat", fmt::format(R"({{"session_id":"{}{}","message_id":"m","from":{{"id":"v"}},"text":"x"}})",
                                           std::string(5000, 's'), last)}
            .contact()
            .external_id;
    };
    EXPECT_LT(id_of('a').size(), 500u);
    EXPECT_NE(id_of('a'), id_of('b'));
}

TEST(normalizing, drops_clocks_and_durations_that_cannot_be) {
    for (const char* moment : {"0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z"}) {
        const json body = {
            {"session_id", "s"}, {"message_id", "m"}, {"from", {{"id", "v"}}}, {"text", "x"}, {"at", moment}};
        EXPECT_EQ((request{"chat", body.dump()}.contact().occurred_at), std::nullopt) << moment;
    }
    const request call{"freeswitch", R"({"variables":{"uuid":"u","billsec":"9223372036854775807"}})"};
    EXPECT_EQ(call.contact().duration_s, std::nullopt);
}

TEST(record_json, shows_a_contact_as_the_design_says) {
    const auto value = nlohmann::ordered_json::parse(to_json(request{"asterisk", "garbage"}.records().at(0)));
    std::string names;
    for (const auto& [name, unused] : value.items()) names += name + " ";
    EXPECT_EQ(names, "record channel direction external_id thread_key from to cc reply_to subject text html text_reply "
                     "attachments occurred_at duration_s language flags quarantine details ");
    EXPECT_EQ(value["record"], "quarantine");
    EXPECT_TRUE(value["occurred_at"].is_null());
    EXPECT_TRUE(value["duration_s"].is_null());

    inbound_contact contact;
    contact.attachments.push_back({"a", "b/c", "1234", "hash", "cid", true});
    const auto shown = json::parse(to_json(normalized_record(contact)));
    EXPECT_EQ(shown["record"], "contact");
    EXPECT_TRUE(shown["quarantine"].is_null());
    EXPECT_EQ(shown["attachments"][0],
              json::parse(R"({"name":"a","type":"b/c","size":4,"sha256":"hash","inline":true,"content_id":"cid"})"));
}

TEST(record_json, shows_the_other_records) {
    EXPECT_EQ(to_json(normalized_record(contact_event{"read", "s:m", {}, "{\"a\":1}"})),
              R"({"record":"event","type":"read","of":"s:m","at":null,"details":{"a":1}})");
    EXPECT_EQ(to_json(normalized_record(ignored_input{"ping"})), R"({"record":"ignored","reason":"ping"})");
    EXPECT_EQ(to_json(normalized_record(refused_input{422, "is required", "from"})),
              R"({"record":"refused","status":422,"reason":"is required","field":"from"})");
}

TEST(gateway_settings_json, is_read) {
    const auto settings = settings_from_json(R"({"own_numbers":["+4930123"],"timezone":"Europe/Berlin","secret":"hush",
        "imap":{"host":"mail.example","user":"me","password":"env:SWITCHBOARD_IMAP_ME","poll_s":5}})");
    ASSERT_TRUE(settings) << settings.error();
    EXPECT_EQ(settings->own_numbers, std::vector<std::string>{"+4930123"});
    EXPECT_EQ(settings->timezone, "Europe/Berlin");
    EXPECT_EQ(settings->secret.reveal(), "hush");
    EXPECT_EQ(settings->imap.password.reveal(), "env:SWITCHBOARD_IMAP_ME");
    EXPECT_EQ(settings->imap.poll_s, 5);
    EXPECT_EQ(settings_from_json("{}")->timezone, "UTC");
}

TEST(gateway_settings_json, has_each_member_with_its_type) {
    std::set<std::string> secrets;
    for (const auto& member : all_settings()) {
        if (member.type == "secret") secrets.insert(member.name);
        const auto dot = member.name.find('.');
        json value = member.type == "texts"    ? json::array()
                     : member.type == "number" ? json(1)
                     : member.type == "yes"    ? json(true)
                                               : json("x");
        json all{{member.name.substr(dot == member.name.npos ? 0 : dot + 1), value}};
        if (dot != member.name.npos) all = json{{member.name.substr(0, dot), all}};
        const auto read = settings_from_json(all.dump());
        if (read) continue;
        EXPECT_FALSE(read.error().contains("unknown field")) << read.error();
        EXPECT_FALSE(read.error().contains("must be a text")) << read.error();
    }
    EXPECT_EQ(secrets, (std::set<std::string>{gateway_secrets.begin(), gateway_secrets.end()}));
}

TEST(gateway_settings_json, names_the_field_that_is_wrong) {
    const std::vector<std::pair<std::string, std::string>> table = {
        {R"({"colour":"red"})", "colour"},
        {R"({"own_numbers":"+49"})", "own_numbers"},
        {R"({"extensions":[1001]})", "extensions"},
        {R"({"secret":5})", "secret"},
        {R"({"dial_url":"ftp://pbx","secret":"x"})", "dial_url"},
        {R"({"dial_url":"https://pbx"})", "secret"},
        {R"({"timezone":"Mars/Olympus"})", "timezone"},
        {R"({"timezone":"../../etc/passwd"})", "timezone"},
        {R"({"default_country":"Germany"})", "default_country"},
        {"[]", "object"},
        {"{", "JSON"},
    };
    for (const auto& [text, field] : table) {
        const auto settings = settings_from_json(text);
        ASSERT_FALSE(settings) << text;
        EXPECT_NE(settings.error().find(field), std::string::npos) << settings.error();
    }
}

bool holds_nul(const json& value) {
    if (value.is_string()) return value.get_ref<const std::string&>().contains('\0');
    return value.is_structured() && std::ranges::any_of(value, holds_nul);
}

/// What must hold of every input whatever it is.
void expect_sound(const request& input) {
    const auto records = input.records();
    ASSERT_FALSE(records.empty());
    const auto again = input.records();
    ASSERT_EQ(records.size(), again.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        const auto line = to_json(records[i]);
        EXPECT_EQ(line, to_json(again[i]));
        EXPECT_EQ(clean_utf8(line), line);
        EXPECT_FALSE(holds_nul(json::parse(line))) << line;
        if (const auto* contact = std::get_if<inbound_contact>(&records[i])) {
            EXPECT_NE(contact->external_id, "");
            EXPECT_NE(contact->channel, "");
        }
    }
}

TEST(hostile_input, gives_a_sound_record_on_every_gateway) {
    const std::vector<std::string> inputs = {
        "",
        std::string(1, '\0'),
        std::string("\0\xff\xfe{}", 5),
        "{}",
        "[]",
        "[[]]",
        "null",
        std::string(100'000, '['),
        std::string(100'000, '{'),
        "{\"a\":" + std::string(50'000, '[') + std::string(50'000, ']') + "}",
        "<cdr>" + std::string(20'000, '<'),
        "<cdr>" +
            [] {
                std::string x;
                for (int i = 0; i < 2'000; ++i) x += "<a>";
                return x;
            }(),
        R"({"call_id":"\u0000\ud800","direction":"in","from":"\u0000","started_at":"2026-11-20T09:00:00Z","notes":"\udfff\u0000"})",
        R"({"variables":{"uuid":"\u0000","billsec":"-9223372036854775808","start_epoch":"-1","x":{"y":["\u0000"]}},"callflow":{}})",
        R"({"variables":{"uuid":"u","uuid":"u2"},"callflow":[{"times":[]},5,null],"times":7})",
        R"([{"variables":{"uuid":"u1"}},{"variables":null},3])",
        R"({"session_id":"s","message_id":"m","from":{"id":null,"email":"@"},"text":"\u0000"})",
        R"({"type":"message","client_msg_id":"\u0000","text":7})",
        "--\r\n\r\n--",
        "--b\r\nContent-Disposition: form-data; name=\"\xff\"; filename*=utf-8''%ff%00\r\n\r\n\r\n--b--",
        "\"\"\"\"\"\",,,\n\n\"\n\"\"\n",
        std::string("MM\0*\0\0\0\x08\xff\xff", 10),
        std::string("II*\0\x08\0\0\0\x01\0\x11\x01\x04\0\xff\xff\xff\xff\x08\0\0\0\0\0\0\0", 26),
        "%PDF-1.4 /Type/Pages/Count 99999999999999999999 /Type/Page /ObjStm stream",
        "%PDF-" + std::string(70'000, '/'),
    };
    for (const auto kind : kinds()) {
        if (kind == "email") continue; // has its own tests
        for (const auto& body : inputs) {
            SCOPED_TRACE(fmt::format("{}: {:?}", kind, clean_utf8(body.substr(0, 60))));
            for (const char* type : {"", "application/json", "multipart/form-data; boundary=b"})
                expect_sound({std::string(kind), body, german(), type, {{"session", "s"}}});
        }
    }
}

TEST(hostile_input, cut_or_changed_anywhere_stays_sound) {
    const std::vector<std::pair<std::string, std::string>> whole = {
        {"phone",
         R"({"call_id":"c","direction":"in","from":"0301234567","to":"1","started_at":"2026-11-20T09:00:00Z","notes":"n\u00e9"})"},
        {"freeswitch",
         R"(cdr=<cdr><variables><uuid>u</uuid><a/><start_epoch>1700000000</start_epoch></variables></cdr>)"},
        {"asterisk",
         R"("a","b","c","d","e","f","g","h","i","2026-01-01 10:00:00","","2026-01-01 10:00:00",1,1,"BUSY","x","u","")"},
        {"widget", R"({"type":"message","client_msg_id":"0b7a4d52-9c1e-4f60-8a11-2233445566ff","text":"x"})"},
        {"fax", "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\n" +
                    std::string("II*\0\x08\0\0\0", 8) + "\r\n--b--"},
    };
    for (const auto& [kind, body] : whole) {
        for (std::size_t at = 0; at < body.size(); ++at) {
            SCOPED_TRACE(fmt::format("{} at {}", kind, at));
            const std::string type = kind == "fax" ? "multipart/form-data; boundary=b" : "";
            expect_sound({kind, body.substr(0, at), german(), type, {{"session", "s"}}});
            for (const char byte : {'\0', '\xff', '"', '<'}) {
                auto changed = body;
                changed[at] = byte;
                expect_sound({kind, changed, german(), type, {{"session", "s"}}});
            }
        }
    }
}

} // namespace
} // namespace switchboard::channels
