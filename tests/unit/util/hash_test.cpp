#include <switchboard/util/hash.hpp>

#include <gtest/gtest.h>

#include <set>

namespace switchboard {
namespace {

TEST(digests, match_published_vectors) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2 B.1
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"),                                // RFC 4231 4.3
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_EQ(hmac_sha256_hex({}, {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(base64, encodes_rfc_4648_vectors) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(base64("\xFB\xEF\xFF"), "++//");
}

TEST(base64, decodes_what_senders_send) {
    std::string out;
    for (const auto* text : {"Zm9vYmE=", "Zm9vYmE", " Zm9v\r\nYmE= \n"}) {
        ASSERT_TRUE(base64_decode(text, out)) << text;
        EXPECT_EQ(out, "fooba");
    }
    ASSERT_TRUE(base64_decode("--__", out));
    EXPECT_EQ(out, "\xFB\xEF\xFF");
    ASSERT_TRUE(base64_decode("", out));
    EXPECT_EQ(out, "");
}

TEST(base64, refuses_and_leaves_the_target_alone) {
    std::string out = "before";
    for (const auto* text : {"Z", "Zg=", "Zg=a", "Zm9v=", "Zm9vYg===", "Zm9*", "Zg==Zg==", "===="})
        EXPECT_FALSE(base64_decode(text, out)) << text;
    EXPECT_EQ(out, "before");
}

TEST(base64, round_trips_every_byte) {
    std::string bytes;
    for (int i = 0; i < 256; ++i) {
        bytes += static_cast<char>(i);
        std::string out;
        ASSERT_TRUE(base64_decode(base64(bytes), out));
        ASSERT_EQ(out, bytes);
    }
}

TEST(secrets, compare_and_differ) {
    EXPECT_TRUE(equal_secret("token", "token"));
    EXPECT_FALSE(equal_secret("token", "tokem"));
    EXPECT_FALSE(equal_secret("token", "token2"));
    EXPECT_TRUE(equal_secret({}, {}));

    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(random_hex(16));
    EXPECT_EQ(seen.size(), 1000U);
    EXPECT_EQ(seen.begin()->size(), 32U);
}

TEST(passwords, verify_only_the_right_one) {
    const auto hash = hash_password("correct horse");
    EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
    EXPECT_NE(hash, hash_password("correct horse")) << "no salt";
    EXPECT_TRUE(verify_password(hash, "correct horse"));
    EXPECT_FALSE(verify_password(hash, "correct horsf"));
    EXPECT_FALSE(verify_password("not a hash", "correct horse"));
    EXPECT_FALSE(verify_password(std::string(4096, '$'), "correct horse"));
    EXPECT_FALSE(verify_password("", ""));
}

} // namespace
} // namespace switchboard
