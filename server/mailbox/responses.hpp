#pragma once

#include <switchboard/outside/imap_connection.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::imap {

using outside::broken;

/// The server said NO or BAD to one command; the connection is fine.
class refused : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One response (RFC 3501 7): its line, in which each literal is its announcement "{n}" only, and the literals.
struct response {
    std::string line;
    std::vector<std::string> literals;
};

/// Cuts what a server sends into responses.
class response_reader {
public:
    /// `most` bounds one response, literals included.
    explicit response_reader(std::size_t most) : most_{most} {}

    void feed(std::string_view bytes) { unread_ += bytes; }
    /// The next whole response; nothing while it is not all there. Throws `broken` when it is larger than it may be.
    std::optional<response> next();

private:
    std::size_t most_;
    std::string unread_;
    std::size_t at_ = 0; // in unread_
    response current_;
    std::size_t size_ = 0;               // of current_
    std::optional<std::size_t> literal_; // that is being read
};

/// "* SEARCH 2 84 882": the numbers; nothing for another response.
std::optional<std::vector<std::int64_t>> read_search(const response& r);

/// The mail in "* 12 FETCH (UID 7 BODY[]<0> {n}…)" when it is that of `uid`.
std::optional<std::string> read_body(const response& r, std::int64_t uid);

/// The number in "[UIDVALIDITY 3857529045]".
std::optional<std::int64_t> read_code(const response& r, std::string_view name);

/// A text as a quoted string.
std::string quoted(std::string_view text);

/// A folder's name in the modified UTF-7 of RFC 3501 5.1.3, quoted.
std::string folder_name(std::string_view utf8);

} // namespace switchboard::imap
