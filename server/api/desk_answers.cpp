#include "api/desk_answers.hpp"

#include "api/wire/draft.hpp"
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

problem to_problem(const store::desk_refusal& r) {
    problem p{.detail = r.detail};
    switch (r.why) {
    case store::desk_refusal::kind::not_found:
        p.status = 404;
        break;
    case store::desk_refusal::kind::forbidden:
        p.status = 403;
        break;
    case store::desk_refusal::kind::conflict:
        p.status = 409;
        break;
    case store::desk_refusal::kind::stale:
        p.status = 412;
        break;
    case store::desk_refusal::kind::invalid:
        p.status = 422;
        break;
    }
    if (!r.field.empty()) p.errors.push_back({r.field, r.detail});
    if (r.draft_now) p.current = to_wire(*r.draft_now);
    return p;
}

answer<ticket> whole_ticket(call c, boost::asio::awaitable<store::desk_result<ticket>> act) {
    auto done = co_await std::move(act);
    if (done) co_return std::move(*done);
    auto refused = to_problem(done.error());
    if (refused.status == 412)
        if (const auto current = co_await c.with.tickets.get(c.id(), c.asker.eyes()))
            refused.current = to_wire(*current);
    co_return std::unexpected{std::move(refused)};
}

} // namespace switchboard::api
