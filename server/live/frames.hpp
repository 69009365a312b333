#pragma once

#include <switchboard/model/event.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

/// What comes through sockets, as bytes become frames that can be trusted in their shape. Pure.
namespace switchboard::live {

/// What is wrong with a frame, and where.
struct bad_frame {
    std::string field; // empty = the whole
    std::string detail;
    bool was_hello = false; // without which nothing can go on
};

// A visitor's, on the website chat.
struct visitor_hello {
    std::string session, token;
    std::int64_t last_seq = 0; // the last that he has seen
};
/// What it says is for the gateway's reader.
struct visitor_message {
    std::string client_msg_id; // as he says; may be empty
};
struct visitor_typing {};
/// His browser has our messages up to this one, or he has seen them.
struct visitor_seen {
    std::int64_t seq = 0;
    bool read = false;
};
/// Where he can be reached when he is gone: what he says of himself, and nobody has checked.
struct visitor_about {
    std::string name; // empty: as before
    std::string email;
};
/// He wants what was said by mail.
struct visitor_transcript {};
struct visitor_close {}; // he ends the chat; a message goes on with it
using visitor_frame = std::variant<visitor_hello, visitor_message, visitor_typing, visitor_seen, visitor_about,
                                   visitor_transcript, visitor_close>;

std::expected<visitor_frame, bad_frame> read_visitor_frame(std::string_view text);

// An agent's, on the live feed.
struct agent_hello {
    std::optional<cursor> after; // without it only what comes from now on
};
struct agent_typing {
    std::int64_t ticket_id = 0;
};
/// Which ticket he has open, and what he is writing there.
struct agent_viewing {
    std::int64_t ticket_id = 0; // 0 = none
    std::string writing;        // reply note; empty = nothing
};
using agent_frame = std::variant<agent_hello, agent_typing, agent_viewing>;

std::expected<agent_frame, bad_frame> read_agent_frame(std::string_view text);

/// {"type":"error","detail"}, with "field" where one is wrong.
std::string error_frame(const bad_frame& wrong);

} // namespace switchboard::live
