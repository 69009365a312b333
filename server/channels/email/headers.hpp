#pragma once

#include "channels/email/gmime_ptr.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::channels::email {

/// The header of one mail, by name in any case.
class mail_headers {
public:
    /// `root` is the body of the mail, with which the parser keeps the fields about content. `charset` is the hint for
    /// raw 8-bit text: that of the body.
    mail_headers(GMimeObject* mail, GMimeObject* root, std::string charset);

    bool has(std::string_view name) const { return raw(name) != nullptr; }
    /// The first field of that name, decoded; empty if there is none.
    std::string text(std::string_view name) const;
    /// The same, lower-case, without comments: for tokens such as "auto-replied".
    std::string token(std::string_view name) const;
    /// The first field of that name as it came, nullptr if there is none.
    const std::string* raw(std::string_view name) const;
    std::vector<const std::string*> all(std::string_view name) const;
    bool any_starts_with(std::string_view prefix) const;
    const std::string& charset() const { return charset_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
    std::string charset_;
};

/// The Message-IDs in a field, without angle brackets: several, folded, or amid prose.
std::vector<std::string> message_ids(std::string_view raw);

} // namespace switchboard::channels::email
