#pragma once

#include "channels/email/gmime_ptr.hpp"

#include <switchboard/channels/inputs.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// A mail as GMime reads it, by the boundary that its parts use where its header names none or another. The bytes of
/// the mail must outlive it: its parts are read where they lie.
class parsed_mail {
public:
    parsed_mail(std::string_view mail, const limits& bounds);

    GMimeObject* message() const { return GMIME_OBJECT(message_.get()); }
    /// The body; null if its structure cannot be read.
    GMimeObject* root() const;
    /// Whether something of it is broken or cut off.
    bool damaged() const { return damaged_; }
    /// What the mail declares somewhere, for what it does not declare: its text's charset, else that of an encoded
    /// word.
    std::string charset() const;

private:
    void parse(const borrowed_stream& stream);

    std::string_view mail_;
    borrowed_stream stream_;
    std::string mended_;
    std::optional<borrowed_stream> mended_stream_;
    gobject_ptr<GMimeMessage> message_;
    bool damaged_ = false;
};

} // namespace switchboard::channels::email
