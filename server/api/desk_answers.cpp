#include "api/desk_answers.hpp"

#include "api/wire/unique.hpp"

#include <switchboard/store/tickets.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/one_line.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::api {

result<attachment> file_from(const reply_attachment& in, const std::string& within) {
    attachment file;
    file.name = plain_name(in.name.value);
    file.type = lower_ascii(in.type.value);
    if (!base64_decode(in.content.value, file.content))
        return std::unexpected{invalid_field(within + "content", "must be base64")};
    file.sha256 = sha256_hex(file.content);
    return file;
}

answer<ticket> whole_ticket(call c, desk::desk::answer<ticket> act) {
    auto done = co_await std::move(act);
    co_return co_await settle_change(std::move(done), [&] { return c.with.tickets.get(c.id(), c.asker.eyes()); });
}

} // namespace switchboard::api
