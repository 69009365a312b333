#include "channels/email/header_text.hpp"

#include "channels/email/charset.hpp"

#include <switchboard/util/hash.hpp>
#include <switchboard/util/text.hpp>

#include <algorithm>
#include <optional>
#include <vector>

namespace switchboard::channels::email {
namespace {

struct encoded_word {
    std::string charset;
    std::string bytes;      // decoded
    std::string base64;     // the encoded text where it is base64: some senders cut that, not the characters
    std::size_t length = 0; // of the source text

    bool is_cut() const { return base64.size() % 4 != 0 && !base64.ends_with('='); }
};

std::string decode_q(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '=' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        if (low >= 0) {
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += text[i] == '_' ? ' ' : text[i];
        }
    }
    return out;
}

// Unlike base64_decode of util this takes what can be taken: senders cut words in the middle of a group.
std::string decode_b(std::string_view text) {
    std::string clean;
    for (const char c : text)
        if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/')
            clean += c;
    if (clean.size() % 4 == 1) clean.pop_back();
    std::string out;
    base64_decode(clean, out);
    return out;
}

// `last_end` is the position of the last "?=" in the text: without it a row of unfinished words costs quadratic time.
std::optional<encoded_word> word_at(std::string_view text, std::size_t at, std::size_t last_end) {
    if (last_end == std::string_view::npos || at >= last_end || !text.substr(at).starts_with("=?")) return std::nullopt;
    const auto charset_end = text.substr(0, std::min(text.size(), at + 80)).find('?', at + 2);
    if (charset_end == std::string_view::npos || charset_end == at + 2) return std::nullopt;
    if (charset_end + 2 >= text.size() || text[charset_end + 2] != '?') return std::nullopt;
    const char encoding = text[charset_end + 1];
    const bool is_b = encoding == 'B' || encoding == 'b';
    if (!is_b && encoding != 'Q' && encoding != 'q') return std::nullopt;
    const auto charset = text.substr(at + 2, charset_end - at - 2);
    if (charset.find_first_of(" \t") != std::string_view::npos) return std::nullopt;
    // Last, since the end may be far away: whoever comes so far is a word and is not looked at again.
    const auto begin = charset_end + 3;
    const auto end = text.find("?=", begin);
    if (end == std::string_view::npos) return std::nullopt;
    encoded_word word;
    word.charset = lower_ascii(charset.substr(0, charset.find('*'))); // RFC 2231: charset*language
    const auto body = text.substr(begin, end - begin);
    if (is_b) word.base64 = body;
    word.bytes = is_b ? decode_b(body) : decode_q(body);
    word.length = end + 2 - at;
    return word;
}

std::string unfold(std::string_view raw) {
    std::string out;
    out.reserve(raw.size());
    for (const char c : raw) {
        if (c == '\r' || c == '\n' || c == '\0') continue;
        out += c == '\t' ? ' ' : c;
    }
    return out;
}

std::string_view without_leading_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// One line, so that no decoded word smuggles a line break into a header or a log.
std::string single_line(std::string text) {
    for (char& c : text)
        if ((c >= 0 && c < 0x20) || c == 0x7F) c = ' ';
    return text;
}

class address_writer {
public:
    void plain(char c) {
        if (escaped_) {
            escaped_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            quoted_ = !quoted_;
        } else if (!quoted_ && c == '(') {
            ++comments_;
        } else if (!quoted_ && c == ')' && comments_ > 0) {
            --comments_;
        } else if (!quoted_ && comments_ == 0 && (c == '<' || c == '>')) {
            angle_ = c == '<';
        }
        out += c;
    }
    void word(std::string_view text) {
        const bool needs_quotes = !quoted_ && comments_ == 0 && !angle_;
        if (needs_quotes) out += '"';
        for (const char c : text) {
            if (angle_ && (c == '<' || c == '>')) continue;
            if (!angle_ && (c == '"' || c == '\\' || (comments_ > 0 && (c == '(' || c == ')')))) out += '\\';
            out += c;
        }
        if (needs_quotes) out += '"';
    }
    std::string out;

private:
    bool quoted_ = false, escaped_ = false, angle_ = false;
    int comments_ = 0;
};

struct text_writer {
    void plain(char c) { out += c; }
    void word(std::string_view text) { out += text; }
    std::string out;
};

template <class Writer>
std::string decode(std::string_view raw, std::string_view charset) {
    const std::string unfolded = unfold(raw);
    // The charset of the body is a hint for raw 8-bit and escaped Japanese text only: "+" in an address is not UTF-7.
    const bool raw_text = std::ranges::any_of(unfolded, [](char c) { return (c & 0x80) != 0 || c == '\x1B'; });
    const std::string text = to_utf8(without_leading_blanks(unfolded), raw_text ? charset : std::string_view{});
    const auto last_end = text.rfind("?=");
    Writer writer;
    for (std::size_t at = 0; at < text.size();) {
        auto word = text[at] == '=' ? word_at(text, at, last_end) : std::nullopt;
        if (!word) {
            writer.plain(text[at++]);
            continue;
        }
        // Neighbours in one charset are one text: mailers split words inside a character.
        std::string decoded, done; // bytes of words that are whole
        at += word->length;
        for (;;) {
            auto next_at = text.find_first_not_of(' ', at);
            auto next = next_at == std::string::npos ? std::nullopt : word_at(text, next_at, last_end);
            if (next && next->charset == word->charset) {
                at = next_at + next->length;
                if (word->is_cut() && !next->base64.empty()) {
                    // What is whole is decoded now and not once more with each word that follows.
                    const auto whole = word->base64.size() / 4 * 4;
                    done += decode_b(std::string_view(word->base64).substr(0, whole));
                    word->base64.erase(0, whole);
                    word->base64 += next->base64;
                    word->bytes = decode_b(word->base64);
                } else {
                    done += word->bytes;
                    word->bytes = std::move(next->bytes);
                    word->base64 = std::move(next->base64);
                }
                continue;
            }
            decoded += to_utf8(done + word->bytes, word->charset);
            done.clear();
            if (!next) break;
            word = std::move(next);
            at = next_at + word->length;
        }
        writer.word(single_line(std::move(decoded)));
    }
    return single_line(std::move(writer.out));
}

} // namespace

std::string decode_header(std::string_view raw, std::string_view charset) {
    return std::string(trim(decode<text_writer>(raw, charset)));
}

std::string decode_address_header(std::string_view raw, std::string_view charset) {
    return decode<address_writer>(raw, charset);
}

} // namespace switchboard::channels::email
