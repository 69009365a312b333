#include "intake/letters.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::intake {
namespace {

constexpr std::size_t kept_bytes = 8000, compared_bytes = 1500; // the head of a text, and what of it must be in another

/// The letters alone: white space is the program's.
std::string squeezed(std::string_view words) {
    std::string out;
    for (const char c : words)
        if (static_cast<unsigned char>(c) > ' ') out += c;
    return out;
}

} // namespace

store::known_letter letter_of(const inbound_contact& c) {
    return {c.mail.letter_hash, c.occurred_at, std::string{truncate_utf8(c.text, kept_bytes)}};
}

bool is_one_letter(const store::known_letter& a, const store::known_letter& b) {
    if (a.hash.empty() || b.hash.empty() || a.hash == b.hash) return true; // what cannot be told is a repeat
    if (!a.date || a.date != b.date) return false;
    auto shorter = squeezed(a.words), longer = squeezed(b.words);
    if (longer.size() < shorter.size()) std::swap(shorter, longer);
    if (shorter.empty()) return longer.empty();
    return longer.contains(std::string_view{shorter}.substr(0, compared_bytes));
}

} // namespace switchboard::intake
