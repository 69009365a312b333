#include "channels/email/tnef.hpp"

#include "channels/email/attachment_name.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/rtf.hpp"
#include "channels/email/text_parts.hpp"
#include "channels/records.hpp"

#include <switchboard/util/text.hpp>

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace switchboard::channels::email {
namespace {

constexpr std::uint32_t signature = 0x223E9F78;
constexpr int deepest = 5;                      // messages inside messages
constexpr std::size_t most_properties = 10'000; // of one message or file

// Attributes by their low half; the high half is a type that says nothing more.
enum attribute : std::uint16_t {
    subject = 0x8004,
    body = 0x800C,
    attach_data = 0x800F,
    attach_title = 0x8010,
    attach_transport_name = 0x9001,
    attach_begin = 0x9002,
    message_properties = 0x9003,
    attach_properties = 0x9005,
    codepage = 0x9007
};

// MAPI property ids (MS-OXPROPS).
enum property : std::uint16_t {
    p_subject = 0x0037,
    p_body = 0x1000,
    p_rtf = 0x1009,
    p_html = 0x1013,
    p_display_name = 0x3001,
    p_data = 0x3701,
    p_extension = 0x3703,
    p_file_name = 0x3704,
    p_long_file_name = 0x3707,
    p_mime_tag = 0x370E,
    p_content_id = 0x3712,
    p_internet_codepage = 0x3FDE,
    p_message_codepage = 0x3FFD
};

constexpr std::string_view message_interface{"\x07\x03\x02\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46", 16};

/// Little-endian numbers and byte strings, and the end of them.
class bytes_reader {
public:
    explicit bytes_reader(std::string_view bytes) : rest_(bytes) {}

    bool ended() const { return rest_.empty(); }
    bool failed() const { return failed_; }
    std::size_t left() const { return rest_.size(); }

    std::uint32_t number(std::size_t size) {
        const auto raw = take(size);
        std::uint32_t value = 0;
        for (std::size_t i = raw.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(raw[i]);
        return value;
    }
    std::string_view take(std::size_t size) {
        if (size > rest_.size()) {
            failed_ = true;
            size = rest_.size();
        }
        const auto out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    /// A byte string padded to four bytes; the padding of the last may be missing.
    std::string_view take_padded(std::size_t size) {
        const auto out = take(size);
        rest_.remove_prefix(std::min(rest_.size(), (4 - size % 4) % 4));
        return out;
    }

private:
    std::string_view rest_;
    bool failed_ = false;
};

std::string charset_name(std::uint32_t page) {
    switch (page) {
    case 0:
        return "windows-1252";
    case 932:
        return "shift_jis";
    case 936:
        return "gb18030";
    case 949:
        return "ks_c_5601-1987";
    case 950:
        return "big5";
    case 20127:
        return "us-ascii";
    case 20866:
        return "koi8-r";
    case 28591:
        return "iso-8859-1";
    case 50220:
        return "iso-2022-jp";
    case 65001:
        return "utf-8";
    default:
        return page >= 28592 && page <= 28605 ? fmt::format("iso-8859-{}", page - 28590)
                                              : fmt::format("windows-{}", page);
    }
}

/// Text without the NUL that ends it.
std::string_view until_nul(std::string_view text) {
    return text.substr(0, text.find('\0'));
}

std::string wide_text(std::string_view bytes) {
    while (bytes.size() >= 2 && bytes.substr(bytes.size() - 2) == std::string_view("\0\0", 2)) bytes.remove_suffix(2);
    return to_utf8(bytes, "utf-16le");
}

struct value {
    std::uint16_t type = 0, id = 0;
    std::string_view bytes; // of the first value
};

constexpr std::uint16_t type_object = 0x0D, type_string = 0x1E, type_wide = 0x1F, type_binary = 0x102;

std::optional<std::size_t> fixed_size(std::uint16_t type) {
    switch (type) {
    case 0x02:
    case 0x03:
    case 0x04:
    case 0x0A:
    case 0x0B:
        return 4;
    case 0x05:
    case 0x06:
    case 0x07:
    case 0x14:
    case 0x40:
        return 8;
    case 0x48:
        return 16;
    case 0x00:
    case 0x01:
        return 0;
    default:
        return std::nullopt;
    }
}

std::vector<value> read_properties(std::string_view bytes, bool& damaged) {
    bytes_reader in(bytes);
    std::vector<value> out;
    const auto count = std::min<std::size_t>(in.number(4), most_properties);
    for (std::size_t i = 0; i < count && !in.failed(); ++i) {
        value v;
        const auto type = static_cast<std::uint16_t>(in.number(2));
        v.type = type & 0x0FFF;
        v.id = static_cast<std::uint16_t>(in.number(2));
        if (v.id >= 0x8000) { // a named property: whose, and its number or name
            in.take(16);
            if (in.number(4) == 0)
                in.take(4);
            else
                in.take_padded(in.number(4));
        }
        const bool several = (type & 0x1000) != 0;
        const auto fixed = fixed_size(v.type);
        const bool variable =
            v.type == type_string || v.type == type_wide || v.type == type_object || v.type == type_binary;
        if (!fixed && !variable) {
            damaged = true;
            return out;
        }
        std::size_t values = several || variable ? in.number(4) : 1;
        if (fixed == 0u) values = std::min<std::size_t>(values, 1); // four billion of them would be no byte
        for (std::size_t k = 0; k < values && !in.failed(); ++k) {
            const auto one = variable ? in.take_padded(in.number(4)) : in.take_padded(*fixed);
            if (k == 0) v.bytes = one;
        }
        if (!in.failed()) out.push_back(v);
    }
    damaged = damaged || in.failed();
    return out;
}

class tnef_reader {
public:
    tnef_reader(std::size_t most_files, std::size_t most_bytes) : files_left_(most_files), bytes_left_(most_bytes) {}

    tnef_content read(std::string_view bytes, int depth) {
        tnef_content out;
        bytes_reader in(bytes);
        if (in.number(4) != signature)
            return {.text = {}, .html = {}, .subject = {}, .attachments = {}, .damaged = true};
        in.take(2);
        const auto outer_page = page_;
        message current;
        std::optional<file> open;
        while (!in.ended() && !in.failed()) {
            const auto level = in.number(1);
            const auto id = static_cast<std::uint16_t>(in.number(4) & 0xFFFF);
            const auto size = in.number(4);
            if (level != 1 && level != 2) break; // what some writers leave behind the end
            const auto data = in.take(size);
            if (!in.ended())
                in.take(std::min<std::size_t>(2, in.left())); // the checksum: often wrong, and nothing hangs on it
            if (id == attach_begin) {
                if (open) finish(std::move(*open), out, depth);
                open.emplace();
            } else if (level == 2 && open) {
                read_file_attribute(*open, id, data, out.damaged);
            } else if (level == 1) {
                read_message_attribute(current, id, data, out.damaged);
            }
        }
        if (open) finish(std::move(*open), out, depth);
        finish(std::move(current), out);
        out.damaged = out.damaged || in.failed();
        page_ = outer_page;
        return out;
    }

private:
    struct message {
        std::string_view body, html, rtf;
        bool body_is_wide = false, html_is_wide = false;
        std::string subject;
        std::uint32_t html_page = 0;
    };
    struct file {
        std::string name, long_name, display_name, type, content_id;
        std::string_view data;
        std::string_view embedded; // a message
    };

    std::string text_of(const value& v) const {
        return v.type == type_wide ? wide_text(v.bytes) : to_utf8(until_nul(v.bytes), charset_name(page_));
    }

    void read_message_attribute(message& m, std::uint16_t id, std::string_view data, bool& damaged) {
        if (id == codepage && data.size() >= 4) page_ = bytes_reader(data).number(4);
        if (id == subject) m.subject = to_utf8(until_nul(data), charset_name(page_));
        if (id == body && m.body.empty()) m.body = until_nul(data);
        if (id != message_properties) return;
        for (const auto& v : read_properties(data, damaged)) {
            switch (v.id) {
            case p_subject:
                m.subject = text_of(v);
                break;
            case p_body:
                m.body = v.bytes;
                m.body_is_wide = v.type == type_wide;
                break;
            case p_html:
                m.html = v.bytes;
                m.html_is_wide = v.type == type_wide;
                break;
            case p_rtf:
                m.rtf = v.bytes;
                break;
            case p_internet_codepage:
                m.html_page = bytes_reader(v.bytes).number(4);
                break;
            default:
                break;
            }
        }
    }

    void read_file_attribute(file& f, std::uint16_t id, std::string_view data, bool& damaged) {
        if (id == attach_title) f.name = to_utf8(until_nul(data), charset_name(page_));
        if (id == attach_transport_name && f.name.empty()) f.name = to_utf8(until_nul(data), charset_name(page_));
        if (id == attach_data) f.data = data;
        if (id != attach_properties) return;
        for (const auto& v : read_properties(data, damaged)) {
            switch (v.id) {
            case p_long_file_name:
                f.long_name = text_of(v);
                break;
            case p_file_name:
                if (f.name.empty()) f.name = text_of(v);
                break;
            case p_display_name:
                f.display_name = text_of(v);
                break;
            case p_mime_tag:
                f.type = lower_ascii(text_of(v));
                break;
            case p_content_id:
                f.content_id = text_of(v);
                break;
            case p_data:
                if (v.bytes.starts_with(message_interface)) {
                    f.embedded = v.bytes.substr(message_interface.size());
                } else if (v.type == type_object && v.bytes.size() > 16) {
                    f.data = v.bytes.substr(16); // an OLE object behind the name of its interface
                } else if (f.data.empty()) {
                    f.data = v.bytes;
                }
                break;
            default:
                break;
            }
        }
    }

    void finish(file&& f, tnef_content& out, int depth) {
        const std::string& name = !f.long_name.empty() ? f.long_name : !f.name.empty() ? f.name : f.display_name;
        if (!f.embedded.empty() && depth < deepest) {
            auto inner = read(f.embedded, depth + 1);
            out.damaged = out.damaged || inner.damaged;
            const std::string title = !name.empty() ? name : inner.subject.empty() ? "message" : inner.subject;
            if (!inner.html.empty())
                keep(out, make_attachment(attachment_name(title + ".html", {}), "text/html", std::move(inner.html)));
            else if (!inner.text.empty())
                keep(out, make_attachment(attachment_name(title + ".txt", {}), "text/plain", std::move(inner.text)));
            for (auto& one : inner.attachments) out.attachments.push_back(std::move(one)); // counted already
            return;
        }
        std::string type = f.type.contains('/') ? f.type : media_type_of_name(name);
        auto kept =
            make_attachment(attachment_name(name, type), type, std::string(f.embedded.empty() ? f.data : f.embedded));
        kept.content_id = f.content_id;
        std::erase_if(kept.content_id, [](char c) { return c == '<' || c == '>'; });
        kept.is_inline = !kept.content_id.empty();
        keep(out, std::move(kept));
    }

    void finish(message&& m, tnef_content& out) {
        out.subject = std::move(m.subject);
        out.text = unix_lines(m.body_is_wide ? wide_text(m.body) : to_utf8(until_nul(m.body), charset_name(page_)));
        out.html = m.html_is_wide ? wide_text(m.html)
                                  : to_utf8(until_nul(m.html), charset_name(m.html_page ? m.html_page : page_));
        if (m.rtf.empty()) return;
        auto rtf = decompress_rtf(m.rtf);
        if (!rtf) {
            out.damaged = true;
            return;
        }
        auto words = read_rtf(*rtf);
        if (out.html.empty()) out.html = std::move(words.html);
        if (out.text.empty()) out.text = std::move(words.text);
        // What RTF says beyond its words would be lost without it.
        if (!words.is_wrapped) keep(out, make_attachment("message.rtf", "text/rtf", std::move(*rtf)));
    }

    void keep(tnef_content& out, attachment&& one) {
        if (files_left_ == 0 || one.content.size() > bytes_left_) {
            out.damaged = true; // more than anybody sends
            return;
        }
        --files_left_;
        bytes_left_ -= one.content.size();
        out.attachments.push_back(std::move(one));
    }

    std::size_t files_left_, bytes_left_;
    std::uint32_t page_ = 0;
};

} // namespace

bool is_tnef(std::string_view bytes) {
    return bytes.size() > 6 && bytes_reader(bytes).number(4) == signature;
}

tnef_content read_tnef(std::string_view bytes, std::size_t most_files, std::size_t most_bytes) {
    return tnef_reader(most_files, most_bytes).read(bytes, 0);
}

} // namespace switchboard::channels::email
