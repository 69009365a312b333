#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace switchboard::test {

/// A real mail server (Debian's python3-aiosmtpd, smtp_sink.py) on 127.0.0.1, in a process of its own.
class smtp_sink {
public:
    explicit smtp_sink(std::uint16_t port = 0); // 0 = any that is free
    ~smtp_sink();
    smtp_sink(const smtp_sink&) = delete;
    smtp_sink& operator=(const smtp_sink&) = delete;

    std::uint16_t port() const { return port_; }

    /// Nobody listens any more; somebody does again, on the same port, and answers "250".
    void stop();
    void start();

    /// How it answers from here on: "250", "451 4.3.0 later", "rcpt 550 5.1.1 nobody" (see smtp_sink.py).
    void answer(const std::string& how);

    /// The next message that was taken, {"from", "to", "message"}, or attempt that was refused, {"refused"}. Throws
    /// when none comes within ten seconds.
    nlohmann::json next();
    /// Whether there is none that next() has not given out.
    bool is_quiet() const;

private:
    struct process;
    std::unique_ptr<process> process_; // null: stopped
    std::uint16_t port_;
};

} // namespace switchboard::test
