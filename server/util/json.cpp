#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <vector>

namespace switchboard {
namespace {

/// The code unit of an escape "\uXXXX" at `at`, or -1.
int code_unit(std::string_view text, std::size_t at) {
    if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return -1;
    int unit = 0;
    const auto* last = text.data() + at + 6;
    const auto [end, error] = std::from_chars(text.data() + at + 2, last, unit, 16);
    return error == std::errc() && end == last ? unit : -1;
}

bool is_high(int unit) {
    return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(int unit) {
    return unit >= 0xDC00 && unit < 0xE000;
}

void mend_surrogates(std::string& text) {
    for (auto at = text.find('\\'); at != std::string::npos; at = text.find('\\', at)) {
        const int unit = code_unit(text, at);
        if (is_high(unit) && is_low(code_unit(text, at + 6))) {
            at += 12;
        } else if (is_high(unit) || is_low(unit)) {
            text.replace(at, 6, "\\uFFFD");
            at += 6;
        } else {
            at += 2;
        }
    }
}

std::string shown(std::string_view name) {
    constexpr std::size_t most = 60;
    return std::string{truncate_utf8(name, most)} + (name.size() > most ? "…" : "");
}

/// Builds a document from the parser's events and stops it at the first bound that is passed. The interface is that of
/// nlohmann's SAX parser, which does not recurse.
class json_builder {
public:
    using json = nlohmann::json;

    json_builder(const json_bounds& bounds, json_manner manner) : bounds_{bounds}, manner_{manner} {}

    bool null() { return put(nullptr); }
    bool boolean(bool value) { return put(value); }
    bool number_integer(std::int64_t value) { return put(value); }
    bool number_unsigned(std::uint64_t value) { return put(value); }
    bool number_float(double value, const std::string&) { return put(value); }
    bool string(std::string& text);
    bool binary(json::binary_t&) { return refuse("not JSON"); }
    bool start_object(std::size_t) { return open(json::value_t::object); }
    bool key(std::string& name);
    bool end_object() { return close(); }
    bool start_array(std::size_t) { return open(json::value_t::array); }
    bool end_array() { return close(); }
    bool parse_error(std::size_t position, const std::string& token, const json::exception& error);

    json& document() { return document_; }
    const std::string& reason() const { return reason_; }

private:
    bool put(json value) { return place(std::move(value)) != nullptr; }
    json* place(json value);
    bool open(json::value_t kind);
    bool close();
    bool mend(std::string& text);
    bool refuse(std::string reason);

    const json_bounds& bounds_;
    json_manner manner_;
    json document_;
    std::vector<json*> open_; // the objects and arrays that are not yet closed
    json* member_ = nullptr;  // whose name was read last
    std::size_t values_ = 0;
    std::string reason_;
};

bool json_builder::string(std::string& text) {
    if (text.size() > bounds_.text_bytes)
        return refuse(fmt::format("made of texts above {} bytes", bounds_.text_bytes));
    return mend(text) && put(std::move(text));
}

bool json_builder::key(std::string& name) {
    if (name.size() > bounds_.name_bytes)
        return refuse(fmt::format("made of names above {} bytes", bounds_.name_bytes));
    if (!mend(name)) return false;
    const auto [at, is_new] = open_.back()->emplace(name, nullptr);
    if (!is_new && manner_ == json_manner::exact)
        return refuse(fmt::format("ambiguous: \"{}\" stands twice in one object", shown(name)));
    member_ = &*at;
    return true;
}

bool json_builder::parse_error(std::size_t position, const std::string&, const json::exception& error) {
    constexpr int number_overflow = 406;
    if (error.id == number_overflow) return refuse("made of a number that is out of range");
    return refuse(fmt::format("not JSON: stops being so at byte {}", position));
}

nlohmann::json* json_builder::place(json value) {
    if (++values_ > bounds_.values) {
        refuse(fmt::format("made of more than {} values", bounds_.values));
        return nullptr;
    }
    if (open_.empty()) return &(document_ = std::move(value));
    if (open_.back()->is_object()) return &(*member_ = std::move(value));
    return &open_.back()->emplace_back(std::move(value));
}

bool json_builder::open(json::value_t kind) {
    if (open_.size() == bounds_.depth) return refuse(fmt::format("nested deeper than {} levels", bounds_.depth));
    auto* const placed = place(kind);
    if (placed != nullptr) open_.push_back(placed);
    return placed != nullptr;
}

bool json_builder::close() {
    open_.pop_back();
    return true;
}

/// False when it must be refused.
bool json_builder::mend(std::string& text) {
    if (!text.contains('\0')) return true;
    if (manner_ == json_manner::exact) return refuse("made of a text with a NUL character");
    std::erase(text, '\0');
    return true;
}

bool json_builder::refuse(std::string reason) {
    reason_ = std::move(reason);
    return false;
}

} // namespace

std::expected<nlohmann::json, std::string> outside_json(std::string_view text, const json_bounds& bounds,
                                                        json_manner manner) {
    if (text.size() > bounds.bytes) return std::unexpected{fmt::format("larger than {} bytes", bounds.bytes)};
    std::string mended;
    if (manner == json_manner::mended) {
        mended = clean_utf8(text);
        mend_surrogates(mended);
        text = mended;
    }
    // To the parser a NUL is the end of the text, whatever stands behind it.
    if (const auto nul = text.find('\0'); nul != std::string_view::npos)
        return std::unexpected{fmt::format("not JSON: stops being so at byte {}", nul + 1)};
    json_builder builder{bounds, manner};
    if (!nlohmann::json::sax_parse(text, &builder)) return std::unexpected{builder.reason()};
    return std::move(builder.document());
}

nlohmann::json own_json(std::string_view text) {
    return nlohmann::json::parse(text);
}

const nlohmann::json& member(const nlohmann::json& value, std::string_view name) {
    static const auto nothing = nlohmann::json::object();
    if (!value.is_object()) return nothing;
    const auto found = value.find(name);
    return found == value.end() || found->is_null() ? nothing : *found;
}

} // namespace switchboard
