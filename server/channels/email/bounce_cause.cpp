#include "channels/email/bounce_cause.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace switchboard::channels::email {
namespace {

enum class cause {
    user_unknown,
    no_account,
    host_unknown,
    no_mail_service,
    moved, // these will not mend themselves: hard
    mailbox_full,
    suspended,
    too_big,
    rejected_sender,
    relaying,
    authentication,
    blocked,
    spam,
    virus,
    policy,
    content,
    rate,
    filtered,
    program,
    network,
    expired,
    later,
    protocol,
    system
};

struct cause_name {
    cause what;
    std::string_view name;
    bool hard = false;
};

constexpr std::array names{
    cause_name{cause::user_unknown, "user_unknown", true},
    cause_name{cause::no_account, "user_unknown", true},
    cause_name{cause::host_unknown, "host_unknown", true},
    cause_name{cause::no_mail_service, "no_mail_service", true},
    cause_name{cause::moved, "moved", true},
    cause_name{cause::mailbox_full, "mailbox_full"},
    cause_name{cause::suspended, "suspended"},
    cause_name{cause::too_big, "too_big"},
    cause_name{cause::rejected_sender, "rejected_sender"},
    cause_name{cause::relaying, "relaying"},
    cause_name{cause::authentication, "authentication"},
    cause_name{cause::blocked, "blocked"},
    cause_name{cause::spam, "spam"},
    cause_name{cause::virus, "virus"},
    cause_name{cause::policy, "policy"},
    cause_name{cause::content, "content"},
    cause_name{cause::rate, "rate"},
    cause_name{cause::filtered, "filtered"},
    cause_name{cause::program, "program"},
    cause_name{cause::network, "network"},
    cause_name{cause::expired, "expired"},
    cause_name{cause::later, "later"},
    cause_name{cause::protocol, "protocol"},
    cause_name{cause::system, "system"},
};

enum class by { words, status, code };

/// One sign of a cause. A status ending in a dot stands for all that begin with it.
struct sign {
    by kind;
    std::string_view pattern;
    cause what;
};

// The first that matches decides. Words that leave no doubt stand first, the ones that hint at a cause after the
// statuses, the bare reply codes last. Statuses that most servers use for everything (5.0.0, 5.5.0) say nothing.
constexpr sign signs[]{
    // --- A program on the other side failed, whatever it says about users
    {by::words, "x-unix; quota", cause::mailbox_full},
    {by::words, "disk quota exceeded", cause::mailbox_full},
    {by::words, "couldn't create", cause::program},
    {by::words, "command died with status", cause::program},
    {by::words, "procmail:", cause::program},
    {by::words, "pipe to |", cause::program},
    // --- The sender, not the recipient, is what is wrong
    {by::words, "sender address rejected", cause::rejected_sender},
    {by::words, "sender rejected", cause::rejected_sender},
    {by::words, "sender was rejected", cause::rejected_sender},
    {by::words, "domain of sender", cause::rejected_sender},
    {by::words, "sender domain", cause::rejected_sender},
    {by::words, "sender verify failed", cause::rejected_sender},
    {by::words, "sender verification failed", cause::rejected_sender},
    {by::words, "from: domain is invalid", cause::rejected_sender},
    {by::words, "invalid sender", cause::rejected_sender},
    {by::words, "purported responsible address", cause::rejected_sender},
    {by::words, "email address is not verified", cause::rejected_sender},
    {by::words, "without a valid sender domain", cause::blocked},
    {by::words, "unverifyable sending ip", cause::blocked},
    {by::words, "reverse dns", cause::blocked},
    {by::words, "rdns", cause::blocked},
    {by::words, "ptr record", cause::blocked},
    {by::words, "does not pass dmarc", cause::authentication},
    {by::words, "dmarc policy", cause::authentication},
    {by::words, "unauthenticated email", cause::authentication},
    {by::words, "spf check", cause::authentication},
    {by::words, "bad spf", cause::authentication},
    {by::words, "spf fail", cause::authentication},
    {by::words, "dkim", cause::authentication},
    {by::words, "spamhaus", cause::blocked},
    {by::words, "spamcop", cause::blocked},
    // --- Full, for now
    {by::words, "mailbox full", cause::mailbox_full},
    {by::words, "mailbox is full", cause::mailbox_full},
    {by::words, "mail box is full", cause::mailbox_full},
    {by::words, "mailbox for user is full", cause::mailbox_full},
    {by::words, "inbox is full", cause::mailbox_full},
    {by::words, "mailfolder is full", cause::mailbox_full},
    {by::words, "user is full", cause::mailbox_full},
    {by::words, "over quota", cause::mailbox_full},
    {by::words, "overquota", cause::mailbox_full},
    {by::words, "over the quota", cause::mailbox_full},
    {by::words, "over disk quota", cause::mailbox_full},
    {by::words, "out of storage", cause::mailbox_full},
    {by::words, "exceeded storage allocation", cause::mailbox_full},
    {by::words, "exceeded its storage", cause::mailbox_full},
    {by::words, "exceeds quota", cause::mailbox_full},
    {by::words, "exceed quota", cause::mailbox_full},
    {by::words, "exceeded quota", cause::mailbox_full},
    {by::words, "exceeded the quota", cause::mailbox_full},
    {by::words, "quota exceed", cause::mailbox_full},
    {by::words, "quota violation", cause::mailbox_full},
    {by::words, "quota is full", cause::mailbox_full},
    {by::words, "quota full", cause::mailbox_full},
    {by::words, "storage quota", cause::mailbox_full},
    {by::words, "mailbox exceed", cause::mailbox_full},
    {by::words, "mailbox size limit", cause::mailbox_full},
    {by::words, "maximum mailbox size", cause::mailbox_full},
    {by::words, "maximum allowed mailbox size", cause::mailbox_full},
    {by::words, "exceeded the local limit", cause::mailbox_full},
    {by::words, "mailbox exceeds allowed size", cause::mailbox_full},
    {by::words, "exceeded maximum inbox size", cause::mailbox_full},
    {by::words, "not enough space", cause::mailbox_full},
    {by::words, "not enough storage", cause::mailbox_full},
    {by::words, "not enough disk space", cause::mailbox_full},
    {by::words, "insufficient disk space", cause::mailbox_full},
    {by::words, "no space left", cause::mailbox_full},
    {by::words, "maildir over", cause::mailbox_full},
    {by::words, "boîte aux lettres pleine", cause::mailbox_full},
    {by::words, "boite aux lettres pleine", cause::mailbox_full},
    {by::words, "postfach ist voll", cause::mailbox_full},
    {by::words, "buzón lleno", cause::mailbox_full},
    {by::words, "casella piena", cause::mailbox_full},
    {by::words, "ящик переполнен", cause::mailbox_full},
    {by::words, "一杯のため", cause::mailbox_full},
    {by::words, "容量を超え", cause::mailbox_full},
    // --- There, and closed
    {by::words, "rejected: on hold", cause::suspended},
    {by::words, "account is locked", cause::suspended},
    {by::words, "account locked", cause::suspended},
    {by::words, "account is disabled", cause::suspended},
    {by::words, "account has been disabled", cause::suspended},
    {by::words, "account disabled", cause::suspended},
    {by::words, "account that you tried to reach is disabled", cause::suspended},
    {by::words, "account inactive", cause::suspended},
    {by::words, "account is inactive", cause::suspended},
    {by::words, "account is not active", cause::suspended},
    {by::words, "account not active", cause::suspended},
    {by::words, "account has been suspended", cause::suspended},
    {by::words, "account suspended", cause::suspended},
    {by::words, "user suspended", cause::suspended},
    {by::words, "is suspended", cause::suspended},
    {by::words, "mailbox disabled", cause::suspended},
    {by::words, "mailbox is disabled", cause::suspended},
    {by::words, "mailbox currently suspended", cause::suspended},
    {by::words, "mailbox is frozen", cause::suspended},
    {by::words, "mailbox unavailable or access denied", cause::suspended},
    {by::words, "temporarily locked", cause::suspended},
    {by::words, "user not active", cause::suspended},
    {by::words, "is a deactivated", cause::suspended},
    // --- Too much, too large, too fast
    {by::words, "recipsizelimit", cause::too_big},
    {by::words, "sendersizelimit", cause::too_big},
    {by::words, "message too large", cause::too_big},
    {by::words, "message is too large", cause::too_big},
    {by::words, "message too big", cause::too_big},
    {by::words, "message file too big", cause::too_big},
    {by::words, "message size exceeds", cause::too_big},
    {by::words, "mail size limit", cause::too_big},
    {by::words, "message length exceeds", cause::too_big},
    {by::words, "exceeds the maximum message size", cause::too_big},
    {by::words, "exceeds maximum message size", cause::too_big},
    {by::words, "exceeded maximum message size", cause::too_big},
    {by::words, "exceeds fixed maximum", cause::too_big},
    {by::words, "exceeds size limit", cause::too_big},
    {by::words, "maximum size", cause::too_big},
    {by::words, "size limit exceeded", cause::too_big},
    {by::words, "line limit exceeded", cause::too_big},
    {by::words, "receiving mail at a rate", cause::rate},
    {by::words, "receiving mail too quickly", cause::rate},
    {by::words, "too many recipients", cause::rate},
    {by::words, "too many connections", cause::rate},
    {by::words, "too many concurrent", cause::rate},
    {by::words, "too many messages", cause::rate},
    {by::words, "rate limit", cause::rate},
    {by::words, "throttl", cause::rate},
    // --- The network between
    {by::words, "host not found, try again", cause::network},
    {by::words, "malformed or unexpected name server reply", cause::network},
    {by::words, "name server: host name lookup failure", cause::network},
    {by::words, "temporarily unable to resolve", cause::network},
    {by::words, "too many hops", cause::network},
    {by::words, "hop count", cause::network},
    {by::words, "mail loop", cause::network},
    {by::words, "loops back to", cause::network},
    {by::words, "routing loop", cause::network},
    {by::words, "forwarding loop", cause::network},
    // --- No mail there at all
    {by::words, "null mx", cause::no_mail_service},
    {by::words, "nullmx", cause::no_mail_service},
    {by::words, "no smtp service", cause::no_mail_service},
    {by::words, "no mx record", cause::no_mail_service},
    {by::words, "no mx found", cause::no_mail_service},
    {by::words, "no valid mx", cause::no_mail_service},
    {by::words, "couldn't find a mail exchanger", cause::no_mail_service},
    {by::words, "couldn't find any host by that name", cause::no_mail_service},
    {by::words, "host does not accept mail", cause::no_mail_service},
    {by::words, "domain does not accept mail", cause::no_mail_service},
    {by::words, "does not accept mail (nullmx)", cause::no_mail_service},
    {by::words, "not accepting network messages", cause::no_mail_service},
    {by::words, "smtp service not available for", cause::no_mail_service},
    {by::words, "host unknown", cause::host_unknown},
    {by::words, "unknown host", cause::host_unknown},
    {by::words, "unknown domain", cause::host_unknown},
    {by::words, "domain unknown", cause::host_unknown},
    {by::words, "host not found", cause::host_unknown},
    {by::words, "domain not found", cause::host_unknown},
    {by::words, "domain name not found", cause::host_unknown},
    {by::words, "host or domain name not found", cause::host_unknown},
    {by::words, "domain must exist", cause::host_unknown},
    {by::words, "no such domain", cause::host_unknown},
    {by::words, "no such host", cause::host_unknown},
    {by::words, "domain does not exist", cause::host_unknown},
    {by::words, "domain is not exist", cause::host_unknown},
    {by::words, "domain may not exist", cause::host_unknown},
    {by::words, "domain is unknown", cause::host_unknown},
    {by::words, "in email address is unknown", cause::host_unknown},
    {by::words, "domain not exist", cause::host_unknown},
    {by::words, "non-existent host", cause::host_unknown},
    {by::words, "nonexistent domain", cause::host_unknown},
    {by::words, "nxdomain", cause::host_unknown},
    {by::words, "name or service not known", cause::host_unknown},
    {by::words, "all host address lookups failed permanently", cause::host_unknown},
    {by::words, "unrouteable mail domain", cause::host_unknown},
    {by::words, "unrouteable address", cause::host_unknown},
    {by::words, "unroutable address", cause::host_unknown},
    {by::words, "unrouteable", cause::host_unknown},
    {by::words, "bad destination system", cause::host_unknown},
    {by::words, "bad destination host", cause::host_unknown},
    {by::words, "illegal host/domain", cause::host_unknown},
    {by::words, "invalid domain", cause::host_unknown},
    {by::words, "recipient address rejected: domain", cause::host_unknown},
    {by::words, "couldn't find any host named", cause::host_unknown},
    {by::words, "name service error for", cause::host_unknown},
    {by::words, "cannot route to", cause::host_unknown},
    {by::words, "domain is not reachable", cause::host_unknown},
    {by::words, "domain isn't in my list of allowed rcpthosts", cause::relaying},
    {by::words, "unable to look up host", cause::host_unknown},
    {by::words, "no such domain at this location", cause::host_unknown},
    {by::words, "illegal host", cause::host_unknown},
    {by::words, "dns lookup failure: host", cause::host_unknown},
    // --- Gone elsewhere
    {by::words, "mailbox has moved", cause::moved},
    {by::words, "user has moved", cause::moved},
    {by::words, "has been replaced by", cause::moved},
    {by::words, "no forwarding address", cause::moved},
    {by::words, "address has changed", cause::moved},
    {by::words, "not our user", cause::moved},
    {by::words, "no longer works here", cause::moved},
    {by::words, "no longer employed", cause::moved},
    {by::words, "recipient preferences", cause::filtered},
    // --- Nobody of that name: by a server that looks only when it has the whole letter, and by all others
    {by::words, "delivery error: dd", cause::no_account},
    {by::words, "user unknown", cause::user_unknown},
    {by::words, "unknown user", cause::user_unknown},
    {by::words, "no such user", cause::user_unknown},
    {by::words, "nosuchuser", cause::user_unknown},
    {by::words, "no such recipient", cause::user_unknown},
    {by::words, "no such mailbox", cause::user_unknown},
    {by::words, "no such person", cause::user_unknown},
    {by::words, "no such address", cause::user_unknown},
    {by::words, "no such account", cause::user_unknown},
    {by::words, "no such local user", cause::user_unknown},
    {by::words, "no such email address", cause::user_unknown},
    {by::words, "no mailbox here", cause::user_unknown},
    {by::words, "no mailbox found", cause::user_unknown},
    {by::words, "no mailbox by that name", cause::user_unknown},
    {by::words, "no mailbox with that name", cause::user_unknown},
    {by::words, "no account by that name", cause::user_unknown},
    {by::words, "no account here", cause::user_unknown},
    {by::words, "no valid recipients were found", cause::user_unknown},
    {by::words, "no existe", cause::user_unknown},
    {by::words, "mailbox not found", cause::user_unknown},
    {by::words, "mailbox unknown", cause::user_unknown},
    {by::words, "mailbox does not exist", cause::user_unknown},
    {by::words, "mailbox doesn't exist", cause::user_unknown},
    {by::words, "mailbox is unavailable or does not exist", cause::user_unknown},
    {by::words, "mailbox is invalid", cause::user_unknown},
    {by::words, "invalid mailbox", cause::user_unknown},
    {by::words, "invalid recipient", cause::user_unknown},
    {by::words, "invalid user", cause::user_unknown},
    {by::words, "invalid address", cause::user_unknown},
    {by::words, "invalid final delivery userid", cause::user_unknown},
    {by::words, "invalid local part", cause::user_unknown},
    {by::words, "not a valid mailbox", cause::user_unknown},
    {by::words, "not a valid user", cause::user_unknown},
    {by::words, "not a valid recipient", cause::user_unknown},
    {by::words, "not a registered", cause::user_unknown},
    {by::words, "not a known user", cause::user_unknown},
    {by::words, "not a recognized user", cause::user_unknown},
    {by::words, "recipient not found", cause::user_unknown},
    {by::words, "recipient unknown", cause::user_unknown},
    {by::words, "unknown recipient", cause::user_unknown},
    {by::words, "unknown mailbox", cause::user_unknown},
    {by::words, "unknown account", cause::user_unknown},
    {by::words, "unknown address", cause::user_unknown},
    {by::words, "unknown local", cause::user_unknown},
    {by::words, "unknown email address", cause::user_unknown},
    {by::words, "unknown or illegal", cause::user_unknown},
    {by::words, "address unknown", cause::user_unknown},
    {by::words, "addressee unknown", cause::user_unknown},
    {by::words, "account unknown", cause::user_unknown},
    {by::words, "recipient name is not recognized", cause::user_unknown},
    {by::words, "recipnotfound", cause::user_unknown},
    {by::words, "recipientnotfound", cause::user_unknown},
    {by::words, "recipient no longer on server", cause::user_unknown},
    {by::words, "recipient does not exist", cause::user_unknown},
    {by::words, "address does not exist", cause::user_unknown},
    {by::words, "address doesn't exist", cause::user_unknown},
    {by::words, "account does not exist", cause::user_unknown},
    {by::words, "account doesn't exist", cause::user_unknown},
    {by::words, "tried to reach does not exist", cause::user_unknown},
    {by::words, "user does not exist", cause::user_unknown},
    {by::words, "user doesn't exist", cause::user_unknown},
    {by::words, "user not exist", cause::user_unknown},
    {by::words, "user not found", cause::user_unknown},
    {by::words, "user not known", cause::user_unknown},
    {by::words, "user is unknown", cause::user_unknown},
    {by::words, "not known here", cause::user_unknown},
    {by::words, "user doesn't have a", cause::user_unknown},
    {by::words, "user does not have a", cause::user_unknown},
    {by::words, "don't have an account", cause::user_unknown},
    {by::words, "unable to find user", cause::user_unknown},
    {by::words, "couldn't be found", cause::user_unknown},
    {by::words, "wasn't found at", cause::user_unknown},
    {by::words, "could not be found", cause::user_unknown},
    {by::words, "address not found", cause::user_unknown},
    {by::words, "not listed in", cause::user_unknown},
    {by::words, "not found in directory", cause::user_unknown},
    {by::words, "not in directory", cause::user_unknown},
    {by::words, "inactive email address", cause::user_unknown},
    {by::words, "no longer accepts mail", cause::user_unknown},
    {by::words, "no longer valid", cause::user_unknown},
    {by::words, "no longer exists", cause::user_unknown},
    {by::words, "no longer available", cause::user_unknown},
    {by::words, "has been deleted", cause::user_unknown},
    {by::words, "account closed", cause::user_unknown},
    {by::words, "account is closed", cause::user_unknown},
    {by::words, "account has been closed", cause::user_unknown},
    {by::words, "not a valid address", cause::user_unknown},
    {by::words, "address is not valid", cause::user_unknown},
    {by::words, "address is invalid", cause::user_unknown},
    {by::words, "invalid email address", cause::user_unknown},
    {by::words, "invalid email recipient", cause::user_unknown},
    {by::words, "illegal user", cause::user_unknown},
    {by::words, "illegal alias", cause::user_unknown},
    {by::words, "unknown alias", cause::user_unknown},
    {by::words, "unknown virtual", cause::user_unknown},
    {by::words, "unknown in virtual", cause::user_unknown},
    {by::words, "no one here by that name", cause::user_unknown},
    {by::words, "not our customer", cause::user_unknown},
    {by::words, "could not find this user", cause::user_unknown},
    {by::words, "cannot find user", cause::user_unknown},
    {by::words, "email address does not exist", cause::user_unknown},
    {by::words, "email address doesn't exist", cause::user_unknown},
    {by::words, "address is possibly incorrect", cause::user_unknown},
    {by::words, "bad destination mailbox", cause::user_unknown},
    {by::words, "bad destination address", cause::user_unknown},
    {by::words, "undeliverable address", cause::user_unknown},
    {by::words, "undeliverable: no such", cause::user_unknown},
    {by::words, "nonexistent user", cause::user_unknown},
    {by::words, "non-existent user", cause::user_unknown},
    {by::words, "recipient address rejected: access denied", cause::user_unknown},
    {by::words, "recipient address rejected: undeliverable", cause::user_unknown},
    {by::words, "recipient address rejected: unverified", cause::user_unknown},
    {by::words, "recipient rejected", cause::user_unknown},
    {by::words, "utilisateur inconnu", cause::user_unknown},
    {by::words, "destinataire inconnu", cause::user_unknown},
    {by::words, "adresse inconnue", cause::user_unknown},
    {by::words, "empfänger unbekannt", cause::user_unknown},
    {by::words, "empfänger nicht gefunden", cause::user_unknown},
    {by::words, "unbekannter empfänger", cause::user_unknown},
    {by::words, "usuario desconocido", cause::user_unknown},
    {by::words, "utente sconosciuto", cause::user_unknown},
    {by::words, "пользователь не найден", cause::user_unknown},
    {by::words, "адрес не существует", cause::user_unknown},
    {by::words, "見つかりません", cause::user_unknown},
    {by::words, "存在しません", cause::user_unknown},
    {by::words, "リストにありません", cause::user_unknown},
    // --- Not wanted
    {by::words, "relay access denied", cause::relaying},
    {by::words, "relaying denied", cause::relaying},
    {by::words, "relaying not", cause::relaying},
    {by::words, "relay not permitted", cause::relaying},
    {by::words, "unable to relay", cause::relaying},
    {by::words, "mail relay", cause::relaying},
    {by::words, "greylist", cause::later},
    {by::words, "graylist", cause::later},
    {by::words, "virus", cause::virus},
    {by::words, "malware", cause::virus},
    {by::words, "spam", cause::spam},
    {by::words, "unsolicited", cause::spam},
    {by::words, "bulk email", cause::spam},
    {by::words, "content rejected", cause::spam},
    {by::words, "blocked", cause::blocked},
    {by::words, "blacklist", cause::blocked},
    {by::words, "blocklist", cause::blocked},
    {by::words, "block list", cause::blocked},
    {by::words, "dnsbl", cause::blocked},
    {by::words, "reputation", cause::blocked},
    {by::words, "client host rejected", cause::blocked},
    {by::words, "open relay", cause::blocked},
    {by::words, "not allowed to send", cause::blocked},
    {by::words, "invalid ip for sending", cause::blocked},
    {by::words, "policy", cause::policy},
    {by::words, "protocol violation", cause::policy},
    {by::words, "not authorized", cause::policy},
    {by::words, "authentication required", cause::policy},
    {by::words, "access denied", cause::policy},
    {by::words, "header error", cause::content},
    {by::words, "duplicate header", cause::content},
    {by::words, "media error", cause::content},
    {by::words, "multiple addresses in from", cause::content},
    {by::words, "rejected by the domain filter", cause::filtered},
    {by::words, "permission to post", cause::policy},
    // --- It took too long, or will be tried again
    {by::words, "retry timeout exceeded", cause::expired},
    {by::words, "retry time not reached", cause::expired},
    {by::words, "message expired", cause::expired},
    {by::words, "delivery time expired", cause::expired},
    {by::words, "queue.expired", cause::expired},
    {by::words, "in the queue too long", cause::expired},
    {by::words, "in queue too long", cause::expired},
    {by::words, "could not deliver for the last", cause::expired},
    {by::words, "after multiple retries", cause::expired},
    {by::words, "was aborted after", cause::expired},
    {by::words, "requests to connect", cause::expired},
    {by::words, "timed out", cause::expired},
    {by::words, "timeout", cause::expired},
    {by::words, "connection refused", cause::network},
    {by::words, "connection reset", cause::network},
    {by::words, "connection lost", cause::network},
    {by::words, "lost connection", cause::network},
    {by::words, "remote protocol error", cause::protocol},
    {by::words, "no route to host", cause::network},
    {by::words, "network is unreachable", cause::network},
    {by::words, "could not connect", cause::network},
    {by::words, "unable to connect", cause::network},
    {by::words, "host not reachable", cause::network},
    {by::words, "temporarily", cause::later},
    {by::words, "temporary failure", cause::later},
    {by::words, "try again later", cause::later},
    // --- What RFC 3463 says the numbers mean
    {by::status, "x.1.0", cause::user_unknown},
    {by::status, "x.1.1", cause::user_unknown},
    {by::status, "x.1.2", cause::host_unknown},
    {by::status, "x.1.3", cause::user_unknown},
    {by::status, "x.1.4", cause::user_unknown},
    {by::status, "x.1.6", cause::moved},
    {by::status, "x.1.7", cause::rejected_sender},
    {by::status, "x.1.8", cause::rejected_sender},
    {by::status, "x.1.10", cause::no_mail_service},
    {by::status, "x.2.1", cause::suspended},
    {by::status, "x.2.2", cause::mailbox_full},
    {by::status, "x.2.3", cause::too_big},
    {by::status, "x.3.2", cause::no_mail_service},
    {by::status, "x.3.4", cause::too_big},
    {by::status, "x.3.", cause::system},
    {by::status, "x.4.4", cause::host_unknown},
    {by::status, "x.4.7", cause::expired},
    {by::status, "x.4.310", cause::host_unknown},
    {by::status, "x.4.", cause::network},
    {by::status, "x.6.", cause::content},
    {by::status, "x.7.13", cause::suspended},
    {by::status, "x.7.27", cause::no_mail_service},
    {by::status, "x.7.", cause::policy},
    // --- Words that are often all there is
    {by::words, "recipient address rejected", cause::user_unknown},
    {by::words, "address rejected", cause::user_unknown},
    {by::words, "mailbox unavailable", cause::user_unknown},
    {by::words, "mailbox not available", cause::user_unknown},
    {by::words, "does not like recipient", cause::user_unknown},
    {by::words, "does not exist", cause::user_unknown},
    {by::words, "doesn't exist", cause::user_unknown},
    {by::words, "rejected", cause::filtered},
    {by::words, "denied", cause::policy},
    {by::words, "expired", cause::expired},
    // --- The reply code alone (RFC 5321)
    {by::code, "421", cause::later},
    {by::code, "450", cause::later},
    {by::code, "451", cause::later},
    {by::code, "452", cause::later},
    {by::code, "500", cause::protocol},
    {by::code, "501", cause::protocol},
    {by::code, "502", cause::protocol},
    {by::code, "503", cause::protocol},
    {by::code, "504", cause::protocol},
    {by::code, "521", cause::no_mail_service},
    {by::code, "551", cause::moved},
    {by::code, "552", cause::mailbox_full},
    {by::code, "554", cause::system},
    {by::code, "556", cause::no_mail_service},
};

bool is_word(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || (c & 0x80) != 0;
}

/// Lower-case, white space as one blank, without addresses and URLs: "mailboxfull@…" is not a full mailbox.
std::string plain_words(std::string_view text) {
    const std::string lower = lower_ascii(text.substr(0, 16u << 10));
    std::string out;
    for (std::size_t at = 0; at < lower.size();) {
        const auto end = std::min(lower.find_first_of(" \t\r\n", at), lower.size());
        const std::string_view word{lower.data() + at, end - at};
        if (const auto host = word.find("://"); host != std::string_view::npos) {
            // Whose page it is may say it all: a block list's.
            out += word.substr(host + 3, word.find('/', host + 3) - host - 3);
            out += ' ';
        } else if (word.contains('@') && !word.starts_with("@")) {
            // "RCPT TO:<someone@example.com>" still says which command it was.
            if (const auto bracket = word.find('<'); bracket != std::string_view::npos && bracket > 0)
                out += std::string(word.substr(0, bracket)) + ' ';
        } else if (!word.empty()) {
            out += word;
            out += ' ';
        }
        at = end + 1;
    }
    return out;
}

/// "5.1.1" at text[at]; its length, 0 if it is none.
std::size_t status_length(std::string_view text, std::size_t at) {
    if (at + 4 >= text.size() || (text[at] != '5' && text[at] != '4' && text[at] != '2') || text[at + 1] != '.')
        return 0;
    if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.')) return 0;
    std::size_t end = at + 2;
    for (int dots = 1; dots <= 2; ++dots) {
        const std::size_t begin = end;
        while (end < text.size() && is_digit(text[end])) ++end;
        if (end == begin || end - begin > 3) return 0;
        if (dots == 1 && (end >= text.size() || text[end++] != '.')) return 0;
    }
    // An address of the net has four numbers.
    return end < text.size() && text[end] == '.' && end + 1 < text.size() && is_digit(text[end + 1]) ? 0 : end - at;
}

bool is_reply_code(std::string_view text, std::size_t at) {
    if (at + 2 >= text.size() || (text[at] != '4' && text[at] != '5') || text[at + 1] > '5' ||
        !is_digit(text[at + 1]) || !is_digit(text[at + 2]))
        return false;
    if (at > 0 && (is_word(text[at - 1]) || std::string_view(".-/[=").contains(text[at - 1]))) return false;
    return at + 3 == text.size() || std::string_view(" -:,)'\"#").contains(text[at + 3]);
}

struct numbers {
    std::string code;
    std::string status; // that which follows the code
    std::string any;    // the first elsewhere
};

numbers numbers_in(std::string_view text) {
    numbers found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!is_digit(text[at])) continue;
        if (const auto length = status_length(text, at); length > 0) {
            if (found.any.empty() && text[at] != '2') found.any = text.substr(at, length);
            at += length;
        } else if (found.code.empty() && is_reply_code(text, at)) {
            found.code = text.substr(at, 3);
            const auto next = text.find_first_not_of(" -'#(", at + 3);
            if (next != std::string_view::npos && next <= at + 6)
                found.status = text.substr(next, status_length(text, next));
            at += 2;
        } else {
            while (at + 1 < text.size() && (is_digit(text[at + 1]) || text[at + 1] == '.')) ++at;
        }
    }
    return found;
}

bool says_nothing(std::string_view status) {
    return status.size() < 5 || status.starts_with("2.") || status.substr(1) == ".0.0" || status.substr(1) == ".5.0";
}

bool has_status(std::string_view status, std::string_view pattern) {
    if (status.size() < pattern.size() || status[0] == '2') return false;
    const auto rest = status.substr(1), wanted = pattern.substr(1);
    return pattern.ends_with('.') ? rest.starts_with(wanted) : rest == wanted;
}

std::optional<cause> cause_of(std::string_view words, const numbers& said, std::string_view status,
                              smtp_command command) {
    for (const auto& s : signs) {
        const bool here = s.kind == by::words    ? words.contains(s.pattern)
                          : s.kind == by::status ? has_status(status, s.pattern)
                                                 : said.code == s.pattern;
        if (here) return s.what;
    }
    if (command == smtp_command::rcpt && (said.code == "550" || said.code == "553")) return cause::user_unknown;
    return std::nullopt;
}

const cause_name& name_of(cause what) {
    return *std::ranges::find(names, what, &cause_name::what);
}

} // namespace

refusal judge_refusal(std::string_view words, std::string_view status, std::string_view action, smtp_command command) {
    const std::string plain = plain_words(words);
    const numbers said = numbers_in(plain);
    refusal out;
    // What the refusing server said is nearer to the truth than what the reporting one made of it.
    out.status = !said.status.empty() && !says_nothing(said.status) ? said.status : std::string(status);
    if (says_nothing(out.status) && !says_nothing(said.any)) out.status = said.any;
    if (out.status.empty()) out.status = !said.status.empty() ? said.status : said.any;

    auto found = cause_of(plain, said, out.status, command);
    // Who took the address and refuses it after the letter filters; so does who says it with a number for policy.
    if (found == cause::user_unknown && command != smtp_command::rcpt) {
        const auto subject = says_nothing(out.status) ? std::string_view() : std::string_view(out.status).substr(1, 3);
        const bool about_address =
            subject == ".1." || std::string_view(out.status).ends_with(".4.1"); // the latter at Exchange Online
        if (!about_address && (command == smtp_command::data || !subject.empty())) found = cause::filtered;
    }
    if (found) out.cause = name_of(*found).name;
    const bool hard = found && name_of(*found).hard;
    const bool for_now =
        out.status.starts_with("4.") || (out.status.empty() && said.code.starts_with('4')) || found == cause::later;
    if (action == "delayed") {
        out.severity = "temporary";
    } else if (hard) {
        out.severity = "hard";
    } else {
        out.severity = for_now || (status.starts_with("4.")) ? "temporary" : "soft";
    }
    return out;
}

smtp_command command_in(std::string_view text) {
    struct trace {
        std::string_view words;
        smtp_command command;
    };
    static constexpr std::array traces{
        trace{">>> rcpt to", smtp_command::rcpt},       trace{">>> mail from", smtp_command::mail},
        trace{">>> data", smtp_command::data},          trace{"in reply to rcpt", smtp_command::rcpt},
        trace{"in reply to mail", smtp_command::mail},  trace{"in reply to end of data", smtp_command::data},
        trace{"in reply to data", smtp_command::data},  trace{"after rcpt", smtp_command::rcpt},
        trace{"after mail from", smtp_command::mail},   trace{"after end of data", smtp_command::data},
        trace{"after data", smtp_command::data},        trace{"our rcpt to", smtp_command::rcpt},
        trace{"our mail from", smtp_command::mail},     trace{"our final data", smtp_command::data},
        trace{"our data", smtp_command::data},          trace{"[rcpt_to]", smtp_command::rcpt},
        trace{"[mail_from]", smtp_command::mail},       trace{"[data]", smtp_command::data},
        trace{"rcpt to response", smtp_command::rcpt},  trace{"rcpt command", smtp_command::rcpt},
        trace{"smtp:rcpt", smtp_command::rcpt},         trace{"after i sent the message", smtp_command::data},
        trace{"smtp command data", smtp_command::data}, trace{"does not like recipient", smtp_command::rcpt},
    };
    const std::string words = plain_words(text);
    std::size_t first = std::string::npos;
    auto command = smtp_command::unknown;
    for (const auto& t : traces) {
        if (const auto at = words.find(t.words); at < first) {
            first = at;
            command = t.command;
        }
    }
    return command;
}

} // namespace switchboard::channels::email
