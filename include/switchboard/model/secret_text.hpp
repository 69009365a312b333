#pragma once

#include <string>
#include <utility>

namespace switchboard {

/// A text that is easily taken and not easily told: it is no string, has no formatter, no stream and no JSON, so that
/// a log line, an event or an answer with it in does not compile. Whoever needs the words says `reveal()`.
class secret_text {
public:
    secret_text() = default;
    secret_text(std::string words) : words_{std::move(words)} {}
    secret_text(const char* words) : words_{words} {}

    bool empty() const { return words_.empty(); }
    const std::string& reveal() const& { return words_; }
    std::string reveal() && { return std::move(words_); }

private:
    std::string words_;
};

} // namespace switchboard
