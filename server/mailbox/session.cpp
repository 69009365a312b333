#include "mailbox/session.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace switchboard::imap {
namespace {

constexpr std::size_t room_for_lists = 16u << 20; // the UIDs of a mailbox that nobody has emptied for years

/// What a server says goes into our log and to an admin.
std::string said(std::string_view line) {
    constexpr std::size_t enough = 300;
    return clean_utf8(truncate_utf8(line, enough));
}

} // namespace

session::session(const imap_settings& to, const std::string& password, std::chrono::seconds timeout,
                 std::size_t most_bytes, const std::atomic<bool>& stop)
    : line_{to, password, timeout, stop}, reader_{most_bytes + room_for_lists}, most_bytes_{most_bytes} {
    for (const auto& r : ask("CAPABILITY")) {
        if (!r.line.starts_with("* CAPABILITY")) continue;
        std::string word;
        for (const char c : r.line.substr(12) + ' ') {
            if (c != ' ') {
                word += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            } else if (!word.empty()) {
                capabilities_.insert(std::exchange(word, {}));
            }
        }
    }
    for (const auto& r : ask("SELECT " + folder_name(to.folder)))
        if (const auto number = read_code(r, "UIDVALIDITY")) uidvalidity_ = *number;
}

session::~session() {
    try {
        line_.send("bye LOGOUT\r\n");
    } catch (const broken&) {
        return; // it knows
    }
}

response session::next() {
    for (;;) {
        if (auto whole = reader_.next()) return std::move(*whole);
        reader_.feed(line_.receive());
    }
}

std::vector<response> session::ask(const std::string& command) {
    const auto tag = fmt::format("s{}", ++commands_);
    line_.send(fmt::format("{} {}\r\n", tag, command));
    std::vector<response> out;
    for (;;) {
        auto r = next();
        if (r.line.starts_with("* BYE")) throw broken{"the mail server hangs up: " + said(r.line)};
        if (!r.line.starts_with(tag + ' ')) {
            out.push_back(std::move(r));
            continue;
        }
        if (!lower_ascii(std::string_view{r.line}.substr(tag.size() + 1, 2)).starts_with("ok"))
            throw refused{said(r.line.substr(tag.size() + 1))};
        out.push_back(std::move(r));
        return out;
    }
}

std::vector<std::int64_t> session::uids_after(std::int64_t uid) {
    std::vector<std::int64_t> out;
    for (const auto& r : ask(fmt::format("UID SEARCH UNDELETED UID {}:*", uid + 1)))
        if (const auto some = read_search(r)) out.insert(out.end(), some->begin(), some->end());
    std::erase_if(out, [uid](std::int64_t found) { return found <= uid; }); // "9:*" names the last, even when it is 5
    std::ranges::sort(out);
    const auto again = std::ranges::unique(out);
    out.erase(again.begin(), again.end());
    return out;
}

std::optional<std::string> session::fetch(std::int64_t uid) {
    std::optional<std::string> out;
    for (const auto& r : ask(fmt::format("UID FETCH {} (UID BODY.PEEK[]<0.{}>)", uid, most_bytes_ + 1)))
        if (auto body = read_body(r, uid)) out = std::move(*body);
    return out;
}

void session::settle(std::int64_t uid, const std::string& after) {
    if (after == "seen") ask(fmt::format("UID STORE {} +FLAGS.SILENT (\\Seen)", uid));
    if (after == "delete") remove(uid);
    if (after.starts_with("move:")) move(uid, folder_name(std::string_view{after}.substr(5)));
}

void session::move(std::int64_t uid, const std::string& folder) {
    const bool can_move = capabilities_.contains("MOVE"); // RFC 6851
    const auto order = fmt::format("UID {} {} {}", can_move ? "MOVE" : "COPY", uid, folder);
    try {
        ask(order);
    } catch (const refused&) {
        ask("CREATE " + folder);
        ask(order);
    }
    if (!can_move) remove(uid);
}

/// Without UIDPLUS (RFC 4315) it is marked only: EXPUNGE would take with it what others have marked.
void session::remove(std::int64_t uid) {
    ask(fmt::format("UID STORE {} +FLAGS.SILENT (\\Deleted)", uid));
    if (capabilities_.contains("UIDPLUS")) ask(fmt::format("UID EXPUNGE {}", uid));
}

} // namespace switchboard::imap
