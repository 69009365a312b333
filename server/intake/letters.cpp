#include "intake/letters.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>

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
    store::known_letter out{c.mail.letter_hash, c.occurred_at, std::string{truncate_utf8(c.text, kept_bytes)}, {}};
    for (const auto& file : c.attachments) out.files.push_back(file.sha256);
    return out;
}

bool is_one_letter(const store::known_letter& earlier, const store::known_letter& later) {
    // What cannot be told is a repeat.
    if (earlier.hash.empty() || later.hash.empty() || earlier.hash == later.hash) return true;
    if (!earlier.date || earlier.date != later.date) return false;
    const auto is_known = [&](const std::string& file) {
        return std::ranges::find(earlier.files, file) != earlier.files.end();
    };
    if (!std::ranges::all_of(later.files, is_known)) return false;
    auto shorter = squeezed(earlier.words), longer = squeezed(later.words);
    if (longer.size() < shorter.size()) std::swap(shorter, longer);
    if (shorter.empty()) return longer.empty();
    return longer.contains(std::string_view{shorter}.substr(0, compared_bytes));
}

} // namespace switchboard::intake
