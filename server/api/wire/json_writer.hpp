#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::api {

/// Writes JSON straight into a string: answers need no tree. Keys and text must be valid UTF-8.
class json_writer {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }

    void key(std::string_view name);
    void string(std::string_view text);
    void integer(std::int64_t number);
    void real(double number); // null if it is none
    void boolean(bool value);
    void null();
    void raw(std::string_view json); // what is JSON already

    const std::string& text() const { return out_; }
    std::string take() { return std::move(out_); }

private:
    void separate();
    void quote(std::string_view text);
    void open(char bracket);
    void close(char bracket);

    std::string out_;
    bool comma_ = false; // something stands before on this level
};

} // namespace switchboard::api
