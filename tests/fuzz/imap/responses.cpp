// Whatever a mail server says, however it is cut into packets: the same responses, none larger than it may be.
#include "mailbox/responses.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace switchboard::imap;

constexpr std::size_t most = 2000;

void insist(bool is_so) {
    if (!is_so) std::abort();
}

/// The responses, and whether the connection broke after them.
std::pair<std::vector<response>, bool> hear(std::string_view bytes, std::size_t packet) {
    std::vector<response> out;
    response_reader reader{most};
    try {
        for (std::size_t at = 0; at < bytes.size(); at += packet) {
            reader.feed(bytes.substr(at, packet));
            while (auto next = reader.next()) out.push_back(*std::move(next));
        }
    } catch (const broken&) {
        return {std::move(out), true};
    }
    return {std::move(out), false};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes{reinterpret_cast<const char*>(data) + 1, size - 1};
    const auto whole = hear(bytes, std::max<std::size_t>(bytes.size(), 1)).first;
    const auto cut = hear(bytes, 1 + data[0]).first;
    for (std::size_t i = 0; i < std::min(whole.size(), cut.size()); ++i)
        insist(whole[i].line == cut[i].line && whole[i].literals == cut[i].literals);
    for (const auto& r : cut) {
        std::size_t length = r.line.size();
        for (const auto& literal : r.literals) length += literal.size();
        insist(length <= most);
        read_search(r);
        read_body(r, 7);
        read_code(r, "UIDVALIDITY");
    }
    return 0;
}
