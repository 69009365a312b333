#pragma once

#include <switchboard/channels/inputs.hpp>

#include <expected>
#include <optional>
#include <string>
#include <string_view>

/// What an input of Amazon's Simple Notification Service names that lies elsewhere. Here it is only read and judged;
/// who may open sockets fetches it, and normalize() then works on what was fetched.
/// docs.aws.amazon.com/sns: "Verifying the signatures of Amazon SNS messages".
namespace switchboard::channels {

/// https://sns.<region>.amazonaws.com/… (in China .amazonaws.com.cn): no user, no port, no other host. What stands
/// elsewhere is not Amazon's word.
bool is_sns_address(std::string_view url);

/// Such an address of a signing certificate: /SimpleNotificationService-<letters, digits>.pem, without a query.
bool is_sns_certificate_address(std::string_view url);

/// arn:aws:sns:<region>:<account>:<name>; the partition may also be aws-cn, aws-us-gov, …
bool is_sns_topic(std::string_view arn);

/// Whether a gateway says whose notifications it takes. SNS signs for everybody who makes a topic, so a good signature
/// alone proves nothing, whoever gave the key.
bool names_topics(const gateway_settings& settings);

/// Whether what a gateway takes is proved by the key that SNS publishes: it names topics and has no key of its own.
/// Topics are needed, since SNS signs for everybody who makes one.
bool is_proved_by_sns(std::string_view kind, const gateway_settings& settings);

/// A mail that SES has put into a bucket of S3.
struct stored_mail {
    std::string bucket, key;
    std::string region; // of the topic that told so, where the bucket usually is; may be empty
};

struct sns_errand {
    std::string topic;
    bool of_own_topic = false; // one that the gateway names
    std::string certificate;   // where the certificate of its signature lies; empty = nowhere that we would look
    std::string confirmation;  // to be visited for a subscription to begin, once the signature is known to be good
    bool unsubscribed = false; // nothing more will come of this topic
    std::optional<stored_mail> mail; // that did not come along
};

/// Nothing of it is to be believed before the signature is verified. An error is what normalize() would refuse it for,
/// whatever the key: another topic, an address that is not Amazon's. Pure and without exceptions, as normalize() is.
std::expected<sns_errand, refused_input> sns_errand_of(const gateway_settings& settings, const raw_input& input,
                                                       const limits& bounds = {});

/// A mail that was fetched is an input of its own: its body is the mail, and this header field has the notification.
/// No request from outside may bring it.
inline constexpr std::string_view notification_header = "x-switchboard-notification";

} // namespace switchboard::channels
