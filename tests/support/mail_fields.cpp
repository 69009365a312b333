#include "support/mail_fields.hpp"

#include <switchboard/util/text.hpp>

namespace switchboard::test {

std::map<std::string, std::string> fields_of(const std::string& message) {
    std::map<std::string, std::string> out;
    std::string name;
    for (std::size_t at = 0;;) {
        const auto end = message.find("\r\n", at);
        const auto line = message.substr(at, end - at);
        at = end + 2;
        if (line.empty() || end == message.npos) return out;
        if (line[0] == ' ' || line[0] == '\t') {
            out[name] += line;
            continue;
        }
        name = lower_ascii(line.substr(0, line.find(':')));
        out[name] = line.substr(name.size() + 2);
    }
}

std::string body_of(const std::string& message) {
    return message.substr(message.find("\r\n\r\n") + 4);
}

} // namespace switchboard::test
