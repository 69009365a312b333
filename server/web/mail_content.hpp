#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchboard::web {

/// What follows DATA, up to the line that is a dot alone (RFC 5321 4.5.2). A line ends with CRLF and with nothing else:
/// whoever disagrees with the server in front of us about where a mail ends could put a second one behind it.
class mail_content {
public:
    explicit mail_content(std::size_t most) : most_{most} {}

    /// For the next mail, of which the sender says that it has so many bytes.
    void begin(std::size_t announced);

    /// Takes what it can of `input`, from `at` on, which it moves behind it. True: that was the end. What it leaves may
    /// become the end with what comes next.
    bool read(std::string_view input, std::size_t& at);

    /// Keeps nothing of this mail, not what came and not what comes.
    void drop();
    std::string take();

    std::size_t size() const { return text_.size(); }
    bool too_large() const { return too_large_; }
    bool dropped() const { return dropped_; }
    bool has_bare_lf() const { return bare_lf_; }

private:
    void keep(std::string_view bytes);

    std::size_t most_;
    std::string text_;
    bool at_line_start_ = true, after_cr_ = false;
    bool too_large_ = false, dropped_ = false, bare_lf_ = false;
};

} // namespace switchboard::web
