#include "channels/email/authentication.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <set>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t longest_results = 8192;

/// Lower-case, without comments, on one line.
std::string plain(std::string_view raw) {
    std::string out;
    int comments = 0;
    bool quoted = false;
    for (const char c : raw.substr(0, longest_results)) {
        if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == '(') {
            ++comments;
        } else if (!quoted && c == ')' && comments > 0) {
            --comments;
        } else if (comments == 0) {
            out += c == '\r' || c == '\n' || c == '\t' ? ' ' : c;
        }
    }
    return lower_ascii(out);
}

std::string_view next_word(std::string_view& rest, char end) {
    const auto at = std::min(rest.find(end), rest.size());
    const auto word = trim(rest.substr(0, at));
    rest.remove_prefix(std::min(at + 1, rest.size()));
    return word;
}

/// "dkim=pass header.d=example.com": what was tried, how it ended, and for which domain.
struct finding {
    std::string_view method, result;
    std::vector<std::string_view> domains;
};

finding read_finding(std::string_view text) {
    finding out;
    while (!text.empty()) {
        const auto word = next_word(text, ' ');
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = word.substr(0, equals), value = word.substr(equals + 1);
        if (out.method.empty()) {
            out.method = name.substr(0, name.find('/'));
            out.result = value;
        } else if (name == "header.from" || name == "header.d" || name == "header.i" || name == "smtp.mailfrom" ||
                   name == "smtp.from") {
            out.domains.push_back(value.substr(value.rfind('@') + 1)); // npos + 1 is 0: a domain alone
        }
    }
    return out;
}

/// One domain, or the other's parent: DMARC's relaxed alignment.
bool aligned(std::string_view a, std::string_view b) {
    const auto within = [](std::string_view inner, std::string_view outer) {
        return outer.contains('.') && inner.size() > outer.size() && inner.ends_with(outer) &&
               inner[inner.size() - outer.size() - 1] == '.';
    };
    return !a.empty() && (a == b || within(a, b) || within(b, a));
}

} // namespace

verdict read_verdict(const mail_headers& headers, const std::vector<std::string>& trusted, std::string_view sender) {
    if (trusted.empty()) return verdict::none;
    const auto domain = sender.substr(sender.rfind('@') + 1);
    std::set<std::string, std::less<>> heard;
    bool vouched = false, failed = false;
    for (const auto* raw : headers.all("authentication-results")) {
        const auto field = plain(*raw);
        std::string_view rest = field;
        auto first = next_word(rest, ';');
        const auto host = next_word(first, ' '); // a version may follow
        const bool known = std::ranges::any_of(trusted, [&](const auto& id) { return lower_ascii(trim(id)) == host; });
        if (!known || !heard.emplace(host).second) continue;
        while (!rest.empty()) {
            const auto found = read_finding(next_word(rest, ';'));
            const bool of_sender = std::ranges::any_of(found.domains, [&](auto d) { return aligned(d, domain); });
            if (found.method == "dmarc") {
                const bool other = !found.domains.empty() && !of_sender;
                if (found.result == "pass" || found.result == "bestguesspass") vouched = vouched || !other;
                if (found.result == "fail" || found.result == "permerror") failed = true;
            } else if ((found.method == "dkim" || found.method == "spf") && found.result == "pass") {
                vouched = vouched || of_sender;
            }
        }
    }
    return failed ? verdict::fail : vouched ? verdict::pass : verdict::none;
}

} // namespace switchboard::channels::email
