#include "channels/email/rtf.hpp"

#include "channels/email/charset.hpp"
#include "channels/email/html_lexer.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t most_rtf = 32u << 20;
constexpr std::size_t window = 4096;
constexpr std::string_view first_words =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS "
    "Sans SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

// Groups whose text nobody wrote.
constexpr std::array<std::string_view, 20> silent{"fonttbl",   "colortbl",  "stylesheet", "info",      "pict",
                                                  "object",    "fldinst",   "header",     "footer",    "headerl",
                                                  "headerr",   "footerl",   "footerr",    "xe",        "tc",
                                                  "listtable", "themedata", "datastore",  "generator", "bkmkstart"};

class parser {
public:
    explicit parser(std::string_view rtf) : rtf_(rtf) {}

    rtf_words run() {
        while (at_ < rtf_.size()) {
            const char c = rtf_[at_++];
            if (c == '{') {
                flush_bytes();
                if (states_.size() < 1000)
                    states_.push_back(states_.back());
                else
                    ++too_deep_;
            } else if (c == '}') {
                flush_bytes();
                if (too_deep_ > 0)
                    --too_deep_;
                else if (states_.size() > 1)
                    states_.pop_back();
            } else if (c == '\\') {
                control();
            } else if (c != '\r' && c != '\n') {
                byte(c);
            }
        }
        flush_bytes();
        rtf_words out;
        out.is_wrapped = from_html_ || from_text_;
        if (from_html_)
            out.html = std::string(trim(html_));
        else
            out.text = std::string(trim(text_));
        return out;
    }

private:
    struct state {
        bool skip = false;
        bool htmltag = false; // text here is of the wrapped page itself
        bool htmlrtf = false; // text here is only for readers of RTF
        int uc = 1;
    };

    state& now() { return states_.back(); }

    void control() {
        if (at_ >= rtf_.size()) return;
        const char c = rtf_[at_];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) return word();
        ++at_;
        switch (c) {
        case '\'':
            if (at_ + 1 < rtf_.size()) byte(static_cast<char>(hex(rtf_[at_]) * 16 + hex(rtf_[at_ + 1])));
            at_ = std::min(rtf_.size(), at_ + 2);
            break;
        case '*':
            // An extension that readers may not know: only the ones that matter here are opened again.
            now().skip = true;
            break;
        case '~':
            put("\xC2\xA0");
            break;
        case '_':
            put("-");
            break;
        case '\r':
        case '\n':
            line();
            break;
        case '\\':
        case '{':
        case '}':
            byte(c);
            break;
        default:
            break;
        }
    }

    void word() {
        const auto begin = at_;
        while (at_ < rtf_.size() && ((rtf_[at_] >= 'a' && rtf_[at_] <= 'z') || (rtf_[at_] >= 'A' && rtf_[at_] <= 'Z')))
            ++at_;
        const auto name = rtf_.substr(begin, std::min<std::size_t>(at_ - begin, 32));
        bool negative = false, has_number = false;
        int number = 0;
        if (at_ < rtf_.size() && rtf_[at_] == '-') {
            negative = true;
            ++at_;
        }
        for (; at_ < rtf_.size() && rtf_[at_] >= '0' && rtf_[at_] <= '9'; ++at_) {
            has_number = true;
            number = std::min(number * 10 + (rtf_[at_] - '0'), 10'000'000);
        }
        if (negative) number = -number;
        if (at_ < rtf_.size() && rtf_[at_] == ' ') ++at_;
        apply(name, has_number ? std::optional(number) : std::nullopt);
    }

    void apply(std::string_view name, std::optional<int> number) {
        if (name == "bin") {
            at_ = std::min(rtf_.size(), at_ + static_cast<std::size_t>(std::max(0, number.value_or(0))));
        } else if (name == "u") {
            unicode(number.value_or(0));
        } else if (name == "uc") {
            now().uc = std::clamp(number.value_or(1), 0, 16);
        } else if (name == "ansicpg") {
            flush_bytes();
            charset_ = charset_of(number.value_or(1252));
        } else if (name == "fromhtml") {
            from_html_ = true;
        } else if (name == "fromtext") {
            from_text_ = true;
        } else if (name == "htmltag" || name == "mhtmltag") {
            now().skip = name == "mhtmltag"; // the address of a picture, given again for RTF
            now().htmltag = true;
        } else if (name == "htmlrtf") {
            flush_bytes();
            now().htmlrtf = number.value_or(1) != 0;
        } else if (name == "par" || name == "line" || name == "row" || name == "sect" || name == "page") {
            line();
        } else if (name == "tab" || name == "cell") {
            put("\t");
        } else if (name == "lquote" || name == "rquote") {
            put(name == "lquote" ? "‘" : "’");
        } else if (name == "ldblquote" || name == "rdblquote") {
            put(name == "ldblquote" ? "“" : "”");
        } else if (name == "bullet") {
            put("•");
        } else if (name == "endash" || name == "emdash") {
            put(name == "endash" ? "–" : "—");
        } else if (std::ranges::find(silent, name) != silent.end()) {
            now().skip = true;
        }
    }

    void unicode(int code) {
        flush_bytes();
        auto unit = static_cast<char32_t>(code < 0 ? code + 65536 : code) & 0xFFFF;
        if (unit >= 0xD800 && unit < 0xDC00) {
            high_ = unit;
        } else {
            if (unit >= 0xDC00 && unit < 0xE000)
                unit = high_ ? 0x10000 + ((high_ - 0xD800) << 10) + (unit - 0xDC00) : 0xFFFD;
            high_ = 0;
            std::string utf8;
            append_utf8(utf8, unit);
            put(utf8);
        }
        // The characters for readers that know no Unicode.
        for (int i = 0; i < now().uc && at_ < rtf_.size() && rtf_[at_] != '{' && rtf_[at_] != '}'; ++i) {
            if (rtf_[at_] != '\\') {
                ++at_;
            } else if (at_ + 1 < rtf_.size() && rtf_[at_ + 1] == '\'') {
                at_ = std::min(rtf_.size(), at_ + 4);
            } else {
                break;
            }
        }
    }

    void line() { put(now().htmltag ? "\r\n" : "\n"); }

    void byte(char c) {
        if (!visible()) return;
        bytes_ += c;
    }
    void put(std::string_view utf8) {
        flush_bytes();
        if (visible()) out() += utf8;
    }
    void flush_bytes() {
        if (bytes_.empty()) return;
        const bool ascii = std::ranges::all_of(bytes_, [](char c) { return (c & 0x80) == 0; });
        out() += ascii ? bytes_ : to_utf8(bytes_, charset_);
        bytes_.clear();
    }

    bool visible() const {
        return !states_.back().skip && too_deep_ == 0 &&
               (!from_html_ || states_.back().htmltag || !states_.back().htmlrtf);
    }
    std::string& out() { return from_html_ ? html_ : text_; }

    static int hex(char c) {
        return c >= '0' && c <= '9'   ? c - '0'
               : c >= 'a' && c <= 'f' ? c - 'a' + 10
               : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                      : 0;
    }
    static std::string charset_of(int page) {
        switch (page) {
        case 932:
            return "shift_jis";
        case 936:
            return "gb18030";
        case 949:
            return "ks_c_5601-1987";
        case 950:
            return "big5";
        case 65001:
            return "utf-8";
        default:
            return fmt::format("windows-{}", page);
        }
    }

    std::string_view rtf_;
    std::size_t at_ = 0;
    std::vector<state> states_{state{}};
    std::size_t too_deep_ = 0;
    bool from_html_ = false, from_text_ = false;
    char32_t high_ = 0;
    std::string charset_ = "windows-1252";
    std::string bytes_, text_, html_;
};

} // namespace

std::optional<std::string> decompress_rtf(std::string_view bytes) {
    if (bytes.size() < 16) return std::nullopt;
    const std::size_t raw_size = std::min<std::size_t>(number_at(bytes, 4), most_rtf);
    const auto magic = bytes.substr(8, 4);
    bytes.remove_prefix(16);
    if (magic == "MELA") return std::string(bytes.substr(0, raw_size));
    if (magic != "LZFu") return std::nullopt;
    std::array<char, window> dictionary{};
    std::ranges::copy(first_words, dictionary.begin());
    std::size_t write = first_words.size();
    std::string out;
    const auto emit = [&](char c) {
        out += c;
        dictionary[write] = c;
        write = (write + 1) % window;
    };
    for (std::size_t at = 0; at < bytes.size() && out.size() < raw_size;) {
        const auto flags = static_cast<unsigned char>(bytes[at++]);
        for (int bit = 0; bit < 8 && at < bytes.size() && out.size() < raw_size; ++bit) {
            if ((flags >> bit & 1) == 0) {
                emit(bytes[at++]);
                continue;
            }
            if (at + 1 >= bytes.size()) return out;
            const unsigned pair = static_cast<unsigned>(static_cast<unsigned char>(bytes[at])) << 8 |
                                  static_cast<unsigned char>(bytes[at + 1]);
            at += 2;
            const std::size_t offset = pair >> 4;
            if (offset == write) return out;
            for (std::size_t i = 0; i < (pair & 0xF) + 2 && out.size() < raw_size; ++i)
                emit(dictionary[(offset + i) % window]);
        }
    }
    return out;
}

rtf_words read_rtf(std::string_view rtf) {
    return parser(rtf).run();
}

} // namespace switchboard::channels::email
