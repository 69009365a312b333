#include "channels/kinds.hpp"

#include "channels/chat/chat.hpp"
#include "channels/email/email.hpp"
#include "channels/fax/fax.hpp"
#include "channels/mail_webhooks/mail_webhooks.hpp"
#include "channels/phone/asterisk.hpp"
#include "channels/phone/freeswitch.hpp"
#include "channels/phone/phone.hpp"
#include "channels/samples.hpp"

#include <algorithm>
#include <array>

namespace switchboard::channels {

namespace {

using names = std::string_view;

constexpr std::array mailbox_settings{names{"own_addresses"}, names{"groups"},   names{"forms"}, names{"forwarders"},
                                      names{"authserv_ids"},  names{"outgoing"}, names{"imap"}};
constexpr std::array provider_settings{names{"own_addresses"}, names{"secret"},       names{"groups"},  names{"forms"},
                                       names{"forwarders"},    names{"authserv_ids"}, names{"outgoing"}};
constexpr std::array amazon_settings{names{"own_addresses"}, names{"topics"},       names{"secret"},
                                     names{"verify_token"},  names{"groups"},       names{"forms"},
                                     names{"forwarders"},    names{"authserv_ids"}, names{"outgoing"}};
constexpr std::array call_settings{names{"own_numbers"}, names{"extensions"}, names{"default_country"},
                                   names{"timezone"},    names{"charset"},    names{"dial_url"},
                                   names{"secret"}};
constexpr std::array call_file_settings{names{"own_numbers"}, names{"extensions"}, names{"default_country"},
                                        names{"timezone"},    names{"columns"},    names{"time_format"},
                                        names{"charset"},     names{"dial_url"},   names{"secret"}};
constexpr std::array fax_settings{names{"own_numbers"}, names{"default_country"}, names{"timezone"}};
constexpr std::array chat_settings{names{"default_country"}};
constexpr std::array widget_settings{names{"own_addresses"}};

constexpr std::string_view json_type = "application/json";

constexpr std::array table = {
    kind_row{"email", "email", normalize_email, "E-mail",
             "A mailbox that is fetched, or mail that a mail server hands on.", mailbox_settings, "message/rfc822",
             sample_email},
    kind_row{"sendgrid", "email", normalize_sendgrid, "E-mail by SendGrid",
             "SendGrid's Inbound Parse, with the raw mail, and its Event Webhook.", provider_settings, json_type,
             sample_sendgrid, true},
    kind_row{"mailgun", "email", normalize_mailgun, "E-mail by Mailgun",
             "A Mailgun route whose address ends in \"mime\".", provider_settings, json_type, sample_mailgun, true},
    kind_row{"postmark", "email", normalize_postmark, "E-mail by Postmark",
             "Postmark's inbound stream, with the raw mail, and its webhooks.", provider_settings, json_type,
             sample_postmark, true},
    kind_row{"ses", "email", normalize_ses, "E-mail by Amazon SES", "Amazon SES through topics of Amazon SNS.",
             amazon_settings, json_type, sample_ses, true},
    kind_row{"phone", "phone", normalize_phone, "Telephone", "A telephone system that reports each call as JSON.",
             call_settings, json_type, sample_phone},
    kind_row{"freeswitch", "phone", normalize_freeswitch, "FreeSWITCH", "Call records of FreeSWITCH, as JSON or XML.",
             call_settings, json_type, sample_freeswitch},
    kind_row{"asterisk", "phone", normalize_asterisk, "Asterisk and CSV",
             "Call records of Asterisk, or of another system, as CSV.", call_file_settings, "text/csv",
             sample_asterisk},
    kind_row{"chat", "chat", normalize_chat, "Chat system", "A chat system that hands its messages on as JSON.",
             chat_settings, json_type, sample_chat},
    kind_row{"widget", "chat", normalize_widget, "Website chat", "Our own chat window on a website.", widget_settings,
             ""},
    kind_row{"fax", "fax", normalize_fax, "Fax", "A fax server that hands on each fax as TIFF or PDF.", fax_settings,
             "multipart/form-data; boundary=switchboard-test", sample_fax},
};

} // namespace

std::span<const kind_row> all_kinds() {
    return table;
}

const kind_row* find_kind(std::string_view name) {
    const auto* found = std::ranges::find(table, name, &kind_row::name);
    return found == table.end() ? nullptr : found;
}

} // namespace switchboard::channels
