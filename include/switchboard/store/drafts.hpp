#pragma once

#include <switchboard/model/draft.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/model/viewer.hpp>
#include <switchboard/store/keep.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

struct draft_terms {
    std::string text;
    std::vector<party> to, cc;
    std::optional<std::string> channel;
    std::optional<std::int64_t> basis;
};

/// What must be so for a save to count; else it is refused as stale.
struct draft_condition {
    std::optional<std::int64_t> version; // If-Match
    bool none_yet = false;               // If-None-Match: *
};

struct draft_bytes {
    draft_file about;
    std::string content;
};

/// What people write and have not sent, and how far they have read. Begun on tickets that the viewer sees; what was
/// begun stays his, to read, to go on with and to discard, whatever becomes of the ticket. That a draft has begun or
/// ended is an event, its words never are. Sending ends it: desk::reply() and desk::add_note().
class drafts {
public:
    static constexpr std::int64_t most_drafts = 200;            // of one person
    static constexpr std::int64_t most_files = 20;              // of one draft, as of a reply
    static constexpr std::int64_t most_file_bytes = 25'000'000; // together, of one draft
    static constexpr std::int64_t most_bytes_of_all = 200'000'000;

    explicit drafts(database& db) : db_{db} {}

    boost::asio::awaitable<std::optional<draft>> one(std::int64_t ticket, viewer who, std::string kind);
    using written = std::expected<draft, refusal>;
    using filed = std::expected<draft_file, refusal>;

    /// Nothing when the viewer may not see the ticket.
    boost::asio::awaitable<std::optional<ticket_drafts>> of_ticket(std::int64_t ticket, viewer who);
    /// His own, the newest first.
    boost::asio::awaitable<page<own_draft>> of(viewer who, page_request part);

    boost::asio::awaitable<written> write(std::int64_t ticket, viewer who, std::string kind, draft_terms terms,
                                          draft_condition only_if);
    /// With its files. That there is none is no refusal.
    boost::asio::awaitable<written> discard(std::int64_t ticket, viewer who, std::string kind,
                                            std::optional<std::int64_t> expected_version);

    /// To his reply, which is begun with it where there is none.
    boost::asio::awaitable<filed> add_file(std::int64_t ticket, viewer who, attachment file,
                                           keep<draft_file> kept = {});
    /// Whether there was such a file of his.
    boost::asio::awaitable<bool> remove_file(std::int64_t file, viewer who);
    boost::asio::awaitable<std::optional<draft_bytes>> file(std::int64_t file, viewer who);

    /// He has read the ticket up to this contact; empty = nothing of it. `field` of a refusal: contact_id.
    boost::asio::awaitable<std::expected<bool, refusal>> mark_read(std::int64_t ticket, viewer who,
                                                                   std::optional<std::int64_t> contact);

private:
    database& db_;
};

} // namespace switchboard::store
