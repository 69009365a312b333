#include "unit/channels/fax_images.hpp"
#include "unit/channels/records_support.hpp"

#include "channels/fax/image.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/time.hpp>

#include <zlib.h>

namespace switchboard::channels {
namespace {

/// A form as a HylaFAX hook posts it with curl.
request fax_form(const pairs& fields, const std::string& image, const std::string& type = "image/tiff") {
    std::string body;
    for (const auto& [name, value] : fields)
        body += "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    if (!image.empty())
        body += "--XX\r\nContent-Disposition: form-data; name=\"file\"; "
                "filename=\"C:\\spool\\fax0001.tif\"\r\nContent-Type: " +
                type + "\r\n\r\n" + image + "\r\n";
    return {"fax", body + "--XX--\r\n", german(), "multipart/form-data; boundary=XX"};
}

const pairs from_hylafax = {{"host", "fax1"},
                            {"commid", "000000123"},
                            {"qfile", "recvq/fax0001.tif"},
                            {"from", "030 1234567"},
                            {"to", "0305550100"},
                            {"station_id", "  +49 30 1234567"},
                            {"received_at", "2026:07:01 10:00:00"},
                            {"duration_s", "95"}};

TEST(fax_gateway, makes_a_contact_of_a_form) {
    const auto image = make_tiff(3);
    const auto contact = fax_form(from_hylafax, image).contact();
    EXPECT_EQ(contact.channel, "fax");
    EXPECT_EQ(contact.external_id, "fax1:000000123:recvq/fax0001.tif");
    EXPECT_EQ(contact.subject, "Fax, 3 pages, from +49301234567");
    EXPECT_EQ(contact.from, (party{"tel", "+49301234567", ""}));
    EXPECT_EQ(contact.thread_key, "+49305550100|+49301234567");
    EXPECT_EQ(contact.occurred_at, parse_rfc3339("2026-07-01T08:00:00Z"));
    EXPECT_EQ(contact.duration_s, 95);
    EXPECT_EQ(details(contact)["pages"], 3);
    EXPECT_EQ(details(contact)["station_id"], "+49 30 1234567");
    ASSERT_EQ(contact.attachments.size(), 1u);
    EXPECT_EQ(contact.attachments[0].content, image) << "the original, byte for byte";
    EXPECT_EQ(contact.attachments[0].name, "fax0001.tif");
    EXPECT_EQ(contact.attachments[0].type, "image/tiff");
    EXPECT_TRUE(contact.flags.empty());
}

TEST(fax_gateway, knows_a_fax_by_its_id_its_place_or_its_image) {
    const auto image = make_tiff(1);
    EXPECT_EQ(fax_form({{"fax_id", "f-1"}, {"commid", "2"}}, image).contact().external_id, "f-1");
    EXPECT_EQ(fax_form({}, image).contact().external_id, "sha256:" + sha256_hex(image));
}

TEST(fax_gateway, takes_the_station_id_for_a_hint_only) {
    const auto contact =
        fax_form({{"from", "anonymous"}, {"to", "0305550100"}, {"station_id", "ACME GMBH"}}, make_tiff(1)).contact();
    EXPECT_EQ(contact.from, (party{"fax_csid", "ACME GMBH", ""}));
    EXPECT_EQ(contact.subject, "Fax, 1 page, from ACME GMBH");
    const auto nobody = fax_form({{"to", "0305550100"}}, make_tiff(1)).contact();
    EXPECT_EQ(nobody.from, party{});
    EXPECT_EQ(nobody.thread_key, "") << "two unknown senders are not one";
}

TEST(fax_gateway, takes_a_bare_image_with_its_fields_in_the_query) {
    request raw{"fax", make_pdf(2), german(), "application/pdf", {{"fax_id", "f-2"}, {"from", "0301234567"}}};
    EXPECT_EQ(raw.contact().subject, "Fax, 2 pages, from +49301234567");
    EXPECT_EQ(raw.contact().attachments.at(0).name, "fax.pdf");
    raw.content_type = "";
    EXPECT_EQ(raw.contact().attachments.at(0).type, "application/pdf") << "known by its first bytes";
}

TEST(fax_gateway, flags_a_reception_that_broke_off) {
    auto fields = from_hylafax;
    fields.emplace_back("error", "RSPREC error/got DCN");
    fields.emplace_back("pages", "5");
    const auto contact = fax_form(fields, make_tiff(2)).contact();
    EXPECT_TRUE(has_flag(contact, "partial"));
    EXPECT_EQ(details(contact)["error"], "RSPREC error/got DCN");
    EXPECT_EQ(details(contact)["pages"], 2) << "what arrived";
    EXPECT_EQ(details(contact)["pages_stated"], 5);

    const auto nothing = fax_form(fields, "").contact();
    EXPECT_TRUE(has_flag(nothing, "partial"));
    EXPECT_EQ(details(nothing)["pages"], 0);
}

TEST(fax_gateway, keeps_a_damaged_image_and_says_so) {
    auto cut = make_tiff(3);
    cut.resize(cut.size() - 60); // the last directory is cut
    const auto contact = fax_form(from_hylafax, cut).contact();
    EXPECT_TRUE(has_flag(contact, "damaged"));
    EXPECT_EQ(details(contact)["pages"], 2);
    EXPECT_EQ(contact.attachments.at(0).content, cut);

    auto open_end = make_pdf(2);
    open_end.resize(open_end.size() - 10);
    const auto pdf = fax_form(from_hylafax, open_end, "application/pdf").contact();
    EXPECT_TRUE(has_flag(pdf, "damaged"));
    EXPECT_EQ(details(pdf)["pages"], 2);
}

TEST(fax_gateway, quarantines_what_is_no_image_and_keeps_it) {
    for (const std::string& file : {std::string("hello"), make_tiff(1).substr(0, 20), std::string("II*\0", 4)}) {
        const auto contact = fax_form(from_hylafax, file).quarantine();
        EXPECT_EQ(contact.attachments.at(0).content, file);
        EXPECT_EQ(contact.external_id, "fax1:000000123:recvq/fax0001.tif");
    }
    EXPECT_NE(fax_form(from_hylafax, "").quarantine().quarantine, "");
    EXPECT_NE((request{"fax", "x", {}, "multipart/form-data"}.quarantine().quarantine), "");
    EXPECT_NE((request{"fax", "", {}, ""}.quarantine().quarantine), "");
}

TEST(fax_image, counts_at_most_five_thousand_pages) {
    EXPECT_EQ(look_at_image(make_tiff(5001)).pages, 5000);
    EXPECT_EQ(look_at_image(make_tiff(4999)).pages, 4999);
}

TEST(fax_image, does_not_walk_in_circles) {
    auto loop = make_tiff(2);
    const auto second_next = loop.size() - 4;
    loop[second_next] = 40; // the first directory
    const auto facts = look_at_image(loop);
    EXPECT_EQ(facts.pages, 2);
    EXPECT_TRUE(facts.damaged);
}

TEST(fax_image, counts_a_page_that_was_updated_once) {
    const auto updated = make_pdf(2) + "3 0 obj\n<</Type/Page/Rotate 90>>\nendobj\n%%EOF\n";
    EXPECT_EQ(look_at_image(updated).pages, 2);
}

TEST(fax_image, finds_pages_in_compressed_object_streams) {
    const std::string objects = "3 0 4 40 <</Type/Page/Parent 2 0 R>> <</Type /Page>> <</Type/Pages/Count 2>>";
    std::string packed(200, '\0');
    auto size = static_cast<uLongf>(packed.size());
    ASSERT_EQ(compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(objects.data()),
                       objects.size()),
              Z_OK);
    packed.resize(size);
    const auto pdf = "%PDF-1.5\n9 0 obj\n<</Type/ObjStm/N 3/First 9/Filter/FlateDecode>>\nstream\r\n" + packed +
                     "\nendstream\nendobj\n%%EOF\n";
    EXPECT_EQ(look_at_image(pdf).pages, 2);
}

TEST(fax_image, says_nothing_about_pages_that_it_cannot_find) {
    const auto facts = look_at_image("%PDF-1.7\nencrypted\n%%EOF");
    EXPECT_EQ(facts.pages, std::nullopt);
    EXPECT_FALSE(facts.damaged);
}

} // namespace
} // namespace switchboard::channels
