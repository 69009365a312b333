#pragma once

#include <memory>
#include <string>

namespace switchboard::test {

/// Hears what nodes ring for each other, and is known to none of them.
class eavesdropper {
public:
    explicit eavesdropper(const std::string& url);
    ~eavesdropper();

    /// How often they rang since the last time, up to now: PostgreSQL delivers in the order of commits, so what comes
    /// before a mark of our own is all of it.
    int heard();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

} // namespace switchboard::test
