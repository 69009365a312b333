// Keys of Amazon SNS: which certificates are believed, and how seldom they are fetched.
#include <switchboard/outside/signing_keys.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace switchboard::outside {
namespace {

namespace asio = boost::asio;
using clock = std::chrono::system_clock;
using namespace std::chrono_literals;

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

std::string text_in(BIO* bio) {
    char* text = nullptr;
    const auto size = BIO_get_mem_data(bio, &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string public_pem(EVP_PKEY* key) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out{BIO_new(BIO_s_mem()), &BIO_free_all};
    PEM_write_bio_PUBKEY(out.get(), key);
    return text_in(out.get());
}

struct terms {
    std::string name = "sns.amazonaws.com"; // as the common name, or as another name where `extensions` says so
    std::vector<std::pair<int, std::string>> extensions{};
    std::chrono::seconds from = -1h, until = 24h;
};

std::string certificate(EVP_PKEY* key, const terms& t = {}) {
    const std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), &X509_free};
    X509_set_version(made.get(), X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), t.from.count());
    X509_gmtime_adj(X509_getm_notAfter(made.get()), t.until.count());
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>(t.name.c_str()), -1, -1, 0);
    X509_set_issuer_name(made.get(), X509_get_subject_name(made.get()));
    for (const auto& [id, value] : t.extensions) {
        const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> more{
            X509V3_EXT_conf_nid(nullptr, nullptr, id, value.c_str()), &X509_EXTENSION_free};
        X509_add_ext(made.get(), more.get(), -1);
    }
    X509_sign(made.get(), key, EVP_sha256());
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> out{BIO_new(BIO_s_mem()), &BIO_free_all};
    PEM_write_bio_X509(out.get(), made.get());
    return text_in(out.get());
}

const key_ptr& rsa() {
    static const key_ptr key{EVP_RSA_gen(2048), &EVP_PKEY_free};
    return key;
}

std::string refusal(const std::string& pem, const std::string& host = "sns.eu-west-1.amazonaws.com") {
    const auto key = read_signing_certificate(pem, host, clock::now());
    if (key) return "";
    EXPECT_TRUE(key.error().lasting);
    return key.error().reason;
}

TEST(a_signing_certificate, gives_its_key_until_it_ends) {
    const auto key = read_signing_certificate(certificate(rsa().get()), "sns.eu-west-1.amazonaws.com", clock::now());
    ASSERT_TRUE(key);
    EXPECT_EQ(key->pem, public_pem(rsa().get()));
    EXPECT_NEAR(std::chrono::duration<double>(key->until - clock::now()).count(), 86'400, 60);
}

TEST(a_signing_certificate, must_have_been_issued_for_sns) {
    const auto named = [](const std::string& name) { return certificate(rsa().get(), {.name = name}); };
    const auto also = [](const std::string& name) {
        return certificate(rsa().get(), {.name = "whatever", .extensions = {{NID_subject_alt_name, "DNS:" + name}}});
    };
    EXPECT_EQ(refusal(also("sns.amazonaws.com")), "");
    const std::vector<std::pair<std::string, std::string>> by_region{
        {"sns-signing.af-south-1.amazonaws.com", "sns.af-south-1.amazonaws.com"},
        {"sns.af-south-1.amazonaws.com", "sns.af-south-1.amazonaws.com"},
        {"sns-us-gov-west-1.amazonaws.com", "sns.us-gov-east-1.amazonaws.com"},
        {"sns-cn-north-1.amazonaws.com.cn", "sns.cn-north-1.amazonaws.com.cn"}};
    for (const auto& [name, host] : by_region) {
        EXPECT_EQ(refusal(named(name), host), "") << name;
        EXPECT_NE(refusal(named(name)), "") << name << " is another region's";
    }
    for (const char* name : {"www.amazon.com", "amazonaws.com", "*.amazonaws.com", "sns.amazonaws.com.evil.example",
                             "sns-signing.eu-west-1.amazonaws.com.cn"}) {
        EXPECT_EQ(refusal(named(name)), "the certificate was not issued for SNS") << name;
        EXPECT_EQ(refusal(also(name)), "the certificate was not issued for SNS") << name;
    }
}

TEST(a_signing_certificate, must_be_valid_now_and_no_authoritys_and_strong) {
    EXPECT_EQ(refusal(certificate(rsa().get(), {.until = -1min})), "the certificate is not valid now");
    EXPECT_EQ(refusal(certificate(rsa().get(), {.from = 1h})), "the certificate is not valid now");
    EXPECT_EQ(refusal(certificate(rsa().get(), {.extensions = {{NID_basic_constraints, "critical,CA:TRUE"}}})),
              "the certificate is an authority's");
    const key_ptr curve{EVP_EC_gen("P-256"), &EVP_PKEY_free}, weak{EVP_RSA_gen(1024), &EVP_PKEY_free};
    EXPECT_EQ(refusal(certificate(curve.get())), "the key of the certificate is not RSA, or too short");
    EXPECT_EQ(refusal(certificate(weak.get())), "the key of the certificate is not RSA, or too short");
    for (const char* text : {"", "<html>", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"})
        EXPECT_EQ(refusal(text), "it is no certificate") << text;
}

/// Keys whose certificates come from here, at a time that is set here.
struct signing : testing::Test {
    asio::awaitable<fetched> fetch(std::string url) {
        asked.push_back(url);
        boost::system::error_code opened; // while it was waited for
        co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, opened));
        if (!fault.empty()) throw std::runtime_error{fault};
        if (answer.empty()) co_return std::unexpected{not_fetched{"the line is dead"}};
        co_return answer;
    }
    std::future<fetched> ask(const std::string& name = "1") {
        return asio::co_spawn(io, keys.get(at(name)), asio::use_future);
    }
    static std::string at(const std::string& name) {
        return "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-" + name + ".pem";
    }
    fetched got(std::future<fetched> f) {
        io.restart();
        io.run();
        return f.get();
    }

    asio::io_context io;
    asio::steady_timer gate{io, asio::steady_timer::time_point::min()}; // open
    std::vector<std::string> asked;
    std::string answer = certificate(rsa().get()), fault;
    clock::time_point time = clock::now();
    signing_keys keys{io.get_executor(), [this](std::string url) { return fetch(std::move(url)); },
                      [this] { return time; }};
};

TEST_F(signing, a_key_is_fetched_once_for_all_who_wait_for_it) {
    gate.expires_at(asio::steady_timer::time_point::max());
    std::vector<std::future<fetched>> waiting;
    for (int i = 0; i < 5; ++i) waiting.push_back(ask());
    auto other = ask("2");
    io.poll();
    EXPECT_EQ(asked, (std::vector{at("1"), at("2")}));
    gate.expires_at(asio::steady_timer::time_point::min());
    EXPECT_EQ(got(std::move(other)).value(), public_pem(rsa().get()));
    for (auto& one : waiting) EXPECT_EQ(one.get().value(), public_pem(rsa().get()));
    EXPECT_EQ(got(ask()).value(), public_pem(rsa().get()));
    EXPECT_EQ(asked.size(), 2u) << "and remembered";
}

TEST_F(signing, a_failure_is_told_to_all_who_wait_and_not_remembered) {
    gate.expires_at(asio::steady_timer::time_point::max());
    const auto good = std::exchange(answer, "");
    auto first = ask(), second = ask();
    io.poll();
    gate.expires_at(asio::steady_timer::time_point::min());
    const auto told = got(std::move(first));
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().reason, "the line is dead");
    EXPECT_FALSE(told.error().lasting);
    EXPECT_FALSE(second.get());
    EXPECT_EQ(asked.size(), 1u);
    answer = good;
    EXPECT_TRUE(got(ask()));
}

TEST_F(signing, a_fault_reaches_whoever_fetched_and_is_a_failure_for_those_who_waited) {
    gate.expires_at(asio::steady_timer::time_point::max());
    fault = "too many ask";
    auto first = ask(), second = ask();
    io.poll();
    gate.expires_at(asio::steady_timer::time_point::min());
    EXPECT_THROW(got(std::move(first)), std::runtime_error);
    const auto told = second.get();
    ASSERT_FALSE(told);
    EXPECT_EQ(told.error().reason, "too many ask");
    fault.clear();
    EXPECT_TRUE(got(ask()));
}

TEST_F(signing, a_key_is_forgotten_after_a_day_or_with_its_certificate) {
    ASSERT_TRUE(got(ask()));
    time += 23h;
    ASSERT_TRUE(got(ask()));
    EXPECT_EQ(asked.size(), 1u);
    time += 2h;
    answer = certificate(rsa().get(), {.until = 48h});
    ASSERT_TRUE(got(ask()));
    EXPECT_EQ(asked.size(), 2u);
    answer = certificate(rsa().get(), {.until = 25h + 10min}); // ten minutes from the time that is set
    ASSERT_TRUE(got(ask("short")));
    time += 11min;
    ASSERT_FALSE(got(ask("short"))) << "it has ended";
    EXPECT_EQ(asked.size(), 4u);
}

TEST_F(signing, no_more_keys_are_remembered_than_there_are_regions) {
    answer = certificate(rsa().get(), {.until = 72h});
    for (std::size_t i = 0; i <= signing_keys::most_remembered; ++i) {
        time += 1s;
        ASSERT_TRUE(got(ask(std::to_string(i))));
    }
    const auto before = asked.size();
    ASSERT_TRUE(got(ask(std::to_string(signing_keys::most_remembered))));
    EXPECT_EQ(asked.size(), before);
    ASSERT_TRUE(got(ask("0"))) << "the oldest went";
    EXPECT_EQ(asked.size(), before + 1);
}

} // namespace
} // namespace switchboard::outside
