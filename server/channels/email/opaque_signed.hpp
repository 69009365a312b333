#pragma once

#include <string>
#include <string_view>

namespace switchboard::channels::email {

/// The MIME entity inside an opaque S/MIME signature (CMS SignedData, DER). The signature is not checked. Empty if the
/// bytes are something else: enveloped data, certificates only, damaged.
std::string signed_content(std::string_view cms_der);

/// Whether these are the bytes of a CMS message that only its addressee can open (enveloped, RFC 5652 6).
bool is_enveloped(std::string_view cms_der);

} // namespace switchboard::channels::email
