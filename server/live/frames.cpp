#include "live/frames.hpp"

#include <switchboard/util/json.hpp>
#include <switchboard/util/mail_address.hpp>
#include <switchboard/util/one_line.hpp>

#include <nlohmann/json.hpp>

namespace switchboard::live {
namespace {

using nlohmann::json;

// A message may bring files, as text; the socket bounds its frames.
constexpr json_bounds visitor_bounds{.bytes = 1u << 20, .depth = 8, .values = 10'000, .text_bytes = 1u << 20};
constexpr json_bounds agent_bounds{.bytes = 1024, .depth = 4, .values = 20, .text_bytes = 1024};
constexpr std::size_t longest_id = 200, longest_name = 200, longest_email = 320;

/// The fields of one frame. Remembers the first that is wrong, so that all are read and it is asked once.
class frame_fields {
public:
    explicit frame_fields(const json& frame) : frame_{frame} {}

    const json* find(const char* name) const {
        const auto found = frame_.find(name);
        return found == frame_.end() || found->is_null() ? nullptr : &*found;
    }

    std::string text(const char* name, bool needed = false, std::size_t most = longest_id) {
        const auto* value = find(name);
        if (value == nullptr && needed) fail(name, "is required");
        if (value == nullptr) return {};
        const auto* words = value->get_ptr<const json::string_t*>();
        if (words != nullptr && words->size() <= most) return *words;
        fail(name, words != nullptr ? "is too long" : "must be a text");
        return {};
    }

    std::int64_t count(const char* name, bool needed = false) {
        const auto* value = find(name);
        if (value == nullptr && !needed) return 0;
        if (value != nullptr && value->is_number_unsigned())
            if (const auto n = value->get<std::uint64_t>(); n <= std::uint64_t{1} << 62)
                return static_cast<std::int64_t>(n);
        fail(name, "must be a number of at least 0");
        return 0;
    }

    void fail(const char* name, const char* detail) {
        if (wrong_) return;
        wrong_.emplace();
        wrong_->field = name;
        wrong_->detail = std::string{name} + " " + detail;
    }

    template <class Frame, class Any>
    std::expected<Any, bad_frame> as(Frame frame) {
        if (wrong_) return std::unexpected{std::move(*wrong_)};
        return Any{std::move(frame)};
    }
    std::optional<bad_frame>& wrong() { return wrong_; }

private:
    const json& frame_;
    std::optional<bad_frame> wrong_;
};

/// A frame's object; its type is still to be looked at.
std::expected<json, bad_frame> read_object(std::string_view text, const json_bounds& bounds, json_manner manner,
                                           const char* known) {
    auto frame = outside_json(text, bounds, manner);
    if (!frame) return std::unexpected{bad_frame{.field = {}, .detail = "the frame is " + frame.error()}};
    if (!frame->is_object()) return std::unexpected{bad_frame{.field = {}, .detail = known}};
    return std::move(*frame);
}

/// Looked at where it stands: a type may be anything.
std::string_view type_of(const json& frame) {
    const auto found = frame.find("type");
    const auto* word = found == frame.end() ? nullptr : found->get_ptr<const json::string_t*>();
    return word == nullptr ? std::string_view{} : *word;
}

} // namespace

std::expected<visitor_frame, bad_frame> read_visitor_frame(std::string_view text) {
    constexpr auto known = "frames are hello, message, typing, received, read, about, transcript and close";
    const auto frame = read_object(text, visitor_bounds, json_manner::mended, known);
    if (!frame) return std::unexpected{frame.error()};
    const auto type = type_of(*frame);
    frame_fields in{*frame};
    if (type == "hello") {
        visitor_hello hello{in.text("session", true), in.text("token", true), in.count("last_seq")};
        if (in.wrong()) in.wrong()->was_hello = true;
        return in.as<visitor_hello, visitor_frame>(std::move(hello));
    }
    if (type == "message") return in.as<visitor_message, visitor_frame>({in.text("client_msg_id")});
    if (type == "typing") return visitor_typing{};
    if (type == "read" || type == "received")
        return in.as<visitor_seen, visitor_frame>({in.count("seq", true), type == "read"});
    if (type == "about") {
        visitor_about about{plain_name(in.text("name", false, longest_name)), in.text("email", true, longest_email)};
        if (!in.wrong() && !is_plain_mail_address(about.email)) in.fail("email", "must be an e-mail address");
        return in.as<visitor_about, visitor_frame>(std::move(about));
    }
    if (type == "transcript") return visitor_transcript{};
    if (type == "close") return visitor_close{};
    return std::unexpected{bad_frame{.field = "type", .detail = known}};
}

std::expected<agent_frame, bad_frame> read_agent_frame(std::string_view text) {
    constexpr auto known = "frames are hello, typing and viewing";
    const auto frame = read_object(text, agent_bounds, json_manner::exact, known);
    if (!frame) return std::unexpected{frame.error()};
    const auto type = type_of(*frame);
    frame_fields in{*frame};
    if (type == "hello") {
        agent_hello hello;
        if (const auto* after = in.find("after"); after != nullptr) {
            const auto* text = after->get_ptr<const json::string_t*>();
            if (text != nullptr) hello.after = parse_cursor(*text);
            if (!hello.after) in.fail("after", "must be a cursor or null");
        }
        if (in.wrong()) in.wrong()->was_hello = true;
        return in.as<agent_hello, agent_frame>(hello);
    }
    if (type == "typing") return in.as<agent_typing, agent_frame>({in.count("ticket_id", true)});
    if (type == "viewing") {
        agent_viewing viewing{in.count("ticket_id"), in.text("writing")};
        if (!viewing.writing.empty() && viewing.writing != "reply" && viewing.writing != "note")
            in.fail("writing", "must be reply or note");
        return in.as<agent_viewing, agent_frame>(std::move(viewing));
    }
    return std::unexpected{bad_frame{.field = "type", .detail = known}};
}

std::string error_frame(const bad_frame& wrong) {
    json j{{"type", "error"}, {"detail", wrong.detail}};
    if (!wrong.field.empty()) j["field"] = wrong.field;
    return j.dump();
}

} // namespace switchboard::live
