#include "channels/email/reply_trim.hpp"

#include "channels/email/reply_marks.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <optional>
#include <ranges>
#include <vector>

namespace switchboard::channels::email {
namespace {

using lines = std::vector<std::string_view>;

lines split(std::string_view text) {
    lines out;
    for (;;) {
        const auto end = text.find('\n');
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

bool is_blank_line(std::string_view line) {
    return line.empty() || (line.front() <= ' ' && trim(line).empty());
}

bool is_quoted(std::string_view line) {
    const auto start = line.find_first_not_of(' ');
    if (start >= 3) return false; // or there is none
    if (line[start] == '>') return true;
    // "JD> …", as some programs put initials before the mark.
    const auto mark = line.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return mark != std::string_view::npos && mark >= 1 && mark <= 3 && line[mark] == '>' &&
           (mark + 1 == line.size() || line[mark + 1] == ' ');
}

/// The rest of a quoted line that was too long and was broken on the way, without a mark of its own: it goes on in the
/// middle of a sentence.
bool is_wrapped_quote(const lines& all, std::size_t at) {
    constexpr std::size_t long_line = 66;
    if (at == 0 || !is_quoted(all[at - 1]) || is_quoted(all[at])) return false;
    const auto above = trim(all[at - 1]), line = trim(all[at]);
    if (above.size() < long_line || line.empty() || std::string_view(".?!:;>").contains(above.back())) return false;
    if (at + 1 < all.size() && !is_blank_line(all[at + 1]) && !is_quoted(all[at + 1])) return false;
    return line.front() >= 'a' && line.front() <= 'z';
}

bool is_rule(std::string_view line, std::size_t shortest) {
    line = trim(line);
    return line.size() >= shortest && std::ranges::any_of(std::string_view("-_="), [&](char c) {
               return line.find_first_not_of(c) == std::string_view::npos;
           });
}

// "-------- Oprindelig besked --------", whatever the language
bool is_dashed_title(std::string_view line) {
    line = trim(line);
    return line.size() < 100 && line.starts_with("---") && line.ends_with("---");
}

std::size_t next_words(const lines& all, std::size_t at) {
    while (at < all.size() && is_blank_line(all[at])) ++at;
    return at;
}

/// The attributions of a text, asked for from its top to its bottom. Remembers the next line that may end one: there is
/// none for nearly every line, which then needs no closer look.
class attributions {
public:
    explicit attributions(const lines& text) : all{text} {}

    /// How many lines from `at` are one attribution; 0 = none. Long addresses and blank lines break it up.
    std::size_t length_at(std::size_t at);

private:
    bool one_may_end(std::size_t from, std::size_t to) {
        next_end = std::max(next_end, from);
        while (next_end < all.size() && !may_end_attribution(all[next_end])) ++next_end;
        return next_end < to;
    }

    const lines& all;
    std::size_t next_end = 0;
};

std::size_t attributions::length_at(std::size_t at) {
    const auto end = std::min(all.size(), at + 7);
    if (!one_may_end(at, end) && !needs_no_verb(all[at])) return 0;
    if (is_blank_line(all[at]) || is_quoted(all[at]) || !may_begin_attribution(all[at])) return 0;
    std::string joined;
    for (std::size_t i = at, blanks = 0; i < end; ++i) {
        // "<jane@example.com" wrapped before its bracket looks like a quote.
        if (is_quoted(all[i]) && std::ranges::count(joined, '<') <= std::ranges::count(joined, '>')) break;
        if (is_blank_line(all[i])) {
            if (++blanks > 1) break;
            continue;
        }
        if (!joined.empty()) joined += ' ';
        joined += trim(all[i]);
        if (joined.size() > 400) break;
        if (is_attribution(joined)) return i - at + 1;
    }
    return 0;
}

/// Whether a block of mail fields ("From: … Sent: … To: …") begins at `at`, a ruler above it included. People write
/// "From: Berlin", "To: Paris" too: it takes an address, or all four fields of a mail in which the subject comes last.
bool is_header_block(const lines& all, std::size_t at) {
    if (is_rule(all[at], 3) || is_dashed_title(all[at])) {
        at = next_words(all, at + 1);
        if (at >= all.size()) return false;
    }
    int from = 0, other = 0, strangers = 0;
    bool addressed = false, titled = false;
    for (std::size_t i = at; i < all.size() && i < at + 14 && strangers < 2; ++i) {
        if (is_blank_line(all[i])) {
            if (from + other >= 3) break;
            continue;
        }
        const auto field = quoted_field_of(all[i]);
        if (field == quoted_field::none && i == at) return false;
        from += field == quoted_field::from;
        other += field == quoted_field::other || field == quoted_field::subject;
        strangers += field == quoted_field::none; // a folded list of recipients
        titled = titled || (field == quoted_field::subject && from > 0 && other > 2);
        addressed =
            addressed || ((field != quoted_field::none || trim(all[i]).starts_with('<')) && all[i].contains('@'));
    }
    return from >= 1 && other >= 2 && (addressed || titled);
}

void drop_trailing_blanks(lines& all) {
    while (!all.empty() && is_blank_line(all.back())) all.pop_back();
}

bool drop_device_line(lines& all) {
    if (all.empty() || !is_device_line(all.back())) return false;
    all.pop_back();
    return true;
}

/// "Sent from my phone" in the middle: what follows is what the phone quotes without marking it. An answer between
/// quotes or a postscript is not.
bool drop_after_device_line(lines& all) {
    for (std::size_t i = 1; i + 1 < all.size(); ++i) {
        if (!is_blank_line(all[i - 1]) || !is_blank_line(all[i + 1]) || !is_device_line(all[i])) continue;
        const auto below = next_words(all, i + 1);
        if (below >= all.size() || std::any_of(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(), is_quoted))
            return false;
        const std::string start = lower_ascii(trim(all[below]).substr(0, 4));
        if (start.starts_with("ps") || start.starts_with("p.s") || start.starts_with("p. s")) return false;
        if (std::all_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), is_blank_line)) return false;
        all.resize(i);
        return true;
    }
    return false;
}

/// "-Jane Doe" as the last line: a name, not a point of a list.
bool drop_dashed_name(lines& all) {
    if (all.size() < 3 || !is_blank_line(all[all.size() - 2])) return false;
    auto line = trim(all.back());
    if (line.size() < 3 || line.size() > 40 || line.front() != '-' || line[1] == '-' || line[1] == ' ') return false;
    line.remove_prefix(1);
    int words = 0;
    for (const auto& word : std::views::split(line, ' ')) {
        const std::string_view name(word.begin(), word.end());
        if (name.empty() || name.front() < 'A' || name.front() > 'Z' ||
            name.find_first_of("0123456789:;,!?") != std::string_view::npos)
            return false;
        ++words;
    }
    std::size_t above = all.size() - 1;
    while (above > 0 && is_blank_line(all[above - 1])) --above;
    if (above == 0 || words == 0 || words > 3) return false;
    const auto before = trim(all[above - 1]);
    // In a list each point begins so, and an introduction to one ends with a colon.
    if (before.starts_with('-') || before.starts_with('*') || before.ends_with(':')) return false;
    all.resize(above);
    return true;
}

/// A block of quoted lines at the end, with its attribution.
bool drop_trailing_quote(lines& all) {
    if (all.empty() || !(is_quoted(all.back()) || is_wrapped_quote(all, all.size() - 1))) return false;
    std::size_t begin = all.size();
    while (begin > 0 &&
           (is_quoted(all[begin - 1]) || is_blank_line(all[begin - 1]) || is_wrapped_quote(all, begin - 1)))
        --begin;
    // The earliest line from which one attribution reaches the quote.
    attributions found{all};
    for (std::size_t at = begin > 7 ? begin - 7 : 0; at < begin; ++at) {
        const auto length = found.length_at(at);
        if (length == 0 || next_words(all, at + length) < begin) continue;
        begin = at;
        break;
    }
    all.resize(begin);
    return true;
}

// "—", "———"
bool is_long_dashes(std::string_view line) {
    line = trim(line);
    if (line.empty() || line.size() % 3 != 0) return false;
    for (; !line.empty(); line.remove_prefix(3))
        if (!line.starts_with("—")) return false;
    return true;
}

/// Whether what stands below a rule of the writer's own making ("--", "____") signs the mail: names and how to reach
/// them, not sentences. Only "-- " with its blank is a mark that says so by itself (RFC 3676 4.3).
bool reads_like_signature(const lines& all, std::size_t from) {
    constexpr std::size_t most_words = 6;
    std::size_t shown = 0;
    bool reachable = false, sentence = false;
    for (std::size_t i = from; i < all.size(); ++i) {
        const auto line = trim(all[i]);
        if (line.empty()) continue;
        ++shown;
        const std::string folded = lower_ascii(line);
        const auto digits = std::ranges::count_if(line, [](char c) { return c >= '0' && c <= '9'; });
        reachable = reachable || folded.contains('@') || folded.contains("http") || folded.contains("www.") ||
                    digits >= 6 || folded.starts_with("tel") || folded.starts_with("mob");
        const auto words = static_cast<std::size_t>(std::ranges::count(line, ' ')) + 1;
        if (words > most_words || (words > 4 && std::string_view(".!?:").contains(line.back()))) sentence = true;
    }
    return reachable || (!sentence && shown <= 5);
}

/// "-- " and what follows it, unless somebody answers below it.
bool drop_signature(lines& all) {
    bool marked_only = false; // a row below that is none: what is above it must say so itself
    for (std::size_t i = all.size(); i-- > 0;) {
        const std::string_view line = all[i].ends_with('\r') ? all[i].substr(0, all[i].size() - 1) : all[i];
        const auto rest = all.size() - i - 1;
        const bool delimiter = line == "-- " || trim(line) == "--" || is_long_dashes(line) || trim(line) == "__";
        if (rest > 60) return false;
        if (marked_only && line != "-- ") continue;
        if (!delimiter && !(is_rule(line, 8) && trim(line).front() == '_' && rest <= 4)) continue;
        // Right below words it underlines them: a heading of the writer's.
        const bool underlines = i > 0 && !is_blank_line(all[i - 1]) && trim(line).size() > 2;
        if (line != "-- " && (rest > 15 || underlines || !reads_like_signature(all, i + 1))) {
            marked_only = true;
            continue;
        }
        const auto quote = std::find_if(all.begin() + static_cast<std::ptrdiff_t>(i), all.end(), is_quoted);
        if (quote != all.end()) return false;
        if (std::all_of(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(i), is_blank_line)) return false;
        all.resize(i);
        return true;
    }
    return false;
}

/// The first line of history that is not marked by ">" and therefore reaches to the end; all.size() = none.
std::size_t history_begin(const lines& all, bool forwarded) {
    attributions found{all};
    bool words_before = false, fenced = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (trim(all[i]).starts_with("```")) fenced = !fenced;
        if (fenced || is_blank_line(all[i])) continue;
        if (words_before && !forwarded && !is_quoted(all[i])) {
            if (is_forward_mark(all[i])) return all.size();
            if (is_original_message_mark(all[i]) || is_header_block(all, i)) return i;
            if (const auto length = found.length_at(i); length > 0) {
                const auto below = next_words(all, i + length);
                if (below < all.size() && !is_quoted(all[below])) return i;
            }
        }
        words_before = true;
    }
    return all.size();
}

/// Attributions that stand above ">" quotes or at the very beginning say nothing new. A quote that the mail begins with
/// is what the words below it answer.
lines without_attributions(const lines& all) {
    lines out;
    attributions found{all};
    bool words_before = false;
    for (std::size_t i = 0; i < all.size();) {
        const auto length = found.length_at(i);
        if (length > 0) {
            const auto below = next_words(all, i + length);
            const bool quote_below = below < all.size() && is_quoted(all[below]);
            if (quote_below || !words_before) {
                i += length;
                if (!words_before && quote_below) {
                    auto end = below;
                    while (end < all.size() && (is_quoted(all[end]) || is_blank_line(all[end]))) ++end;
                    if (end < all.size()) i = end;
                }
                continue;
            }
        }
        words_before = words_before || !is_blank_line(all[i]);
        out.push_back(all[i++]);
    }
    return out;
}

std::string_view without_quote_marks(std::string_view line) {
    const auto words = line.find_first_not_of("> \t");
    return words == std::string_view::npos ? std::string_view() : trim(line.substr(words));
}

/// Whether a text is nothing but the attributions of empty mails, which some programs send each other by themselves:
/// nobody has said anything in it.
bool is_wordless(const lines& all) {
    lines bare;
    for (const auto line : all) bare.push_back(without_quote_marks(line));
    attributions found{bare};
    bool any = false;
    for (std::size_t i = 0; i < bare.size();) {
        const auto length = bare[i].empty() ? 1 : found.length_at(i);
        if (length == 0) return false;
        any = any || !bare[i].empty();
        i += length;
    }
    return any;
}

std::string join(const lines& all) {
    std::string out;
    std::size_t begin = 0;
    while (begin < all.size() && is_blank_line(all[begin])) ++begin;
    for (std::size_t i = begin; i < all.size(); ++i) {
        if (i > begin) out += '\n';
        out += all[i];
    }
    while (!out.empty() && (out.back() == '\n' || out.back() == ' ' || out.back() == '\t' || out.back() == '\r'))
        out.pop_back();
    return out;
}

} // namespace

std::string trim_reply(std::string_view text, std::string_view subject) {
    const lines all = split(text);
    lines kept = all;
    kept.resize(history_begin(all, is_forward_subject(subject)));
    // Each round may look at all lines; people leave a few things behind their words, not thousands.
    constexpr int most_rounds = 30;
    bool changed = true;
    for (int round = 0; round < most_rounds && changed && !kept.empty(); ++round) {
        drop_trailing_blanks(kept);
        changed = drop_device_line(kept) || drop_trailing_quote(kept) || drop_signature(kept) ||
                  drop_after_device_line(kept) || drop_dashed_name(kept);
    }
    std::string reply = join(without_attributions(kept));
    return reply.empty() && !is_wordless(all) ? join(all) : reply;
}

std::string without_signature(std::string_view text) {
    lines all = split(text);
    drop_trailing_blanks(all);
    drop_signature(all);
    return join(all);
}

} // namespace switchboard::channels::email
