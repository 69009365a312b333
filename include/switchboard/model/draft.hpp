#pragma once

#include <switchboard/model/contact.hpp>
#include <switchboard/model/describe.hpp>
#include <switchboard/model/ticket.hpp>
#include <switchboard/model/time.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What is being written and not sent. The fields are the wire's.
namespace switchboard {

/// A file of a draft, without its bytes.
struct draft_file {
    std::int64_t id = 0;
    std::string name;
    std::string type;
    std::int64_t size = 0; // bytes
};
DESCRIBE(draft_file, (id, "Its number."), (name, "The name of the file."), (type, "Its media type."),
         (size, "How many bytes it has."))

/// A person's draft on a ticket: at most one reply and one note each. Nobody else reads it.
struct draft {
    std::int64_t id = 0;
    std::int64_t ticket_id = 0;
    std::string kind; // reply note
    std::string text;
    std::vector<party> to, cc;          // of a reply by mail
    std::optional<std::string> channel; // email: to a chat's visitor, at the address that he left
    std::optional<std::int64_t> basis;  // the newest contact that its author knew when it was begun
    std::vector<draft_file> files;
    std::int64_t version = 0; // another with each save, never the same twice
    timestamp saved_at{};
};
DESCRIBE(draft, (id, "Its number."), (ticket_id, "The ticket that it is about."),
         (kind, "Whether it becomes a reply or a note."), (text, "What it says."),
         (to, "Whom it would go to, of a reply by mail."), (cc, "Who would get a copy, of a reply by mail."),
         (channel, "The channel that was chosen; empty: the ticket's own."),
         (basis, "The newest contact that the author knew when it was begun."), (files, "Its files."),
         (version, "Grows with each change; If-Match compares it."), (saved_at, "When it was last kept."))

/// What has become of a draft that is another than its author has on his screen.
constexpr std::string_view draft_change_words(bool is_there) {
    return is_there ? "the draft was changed elsewhere" : "the draft was sent or discarded elsewhere";
}

/// One of one's own, with or without the right to see its ticket still.
struct own_draft : draft {
    bool ticket_visible = true;
};
DESCRIBE_DERIVED(own_draft, draft, (ticket_visible, "Whether its author may still see the ticket."))

/// All that others learn of a draft.
struct anothers_draft {
    named agent;
    std::string kind;
};
DESCRIBE(anothers_draft, (agent, "Who writes."), (kind, "Whether it becomes a reply or a note."))

struct ticket_drafts {
    std::vector<draft> items; // one's own
    std::vector<anothers_draft> others;
};
DESCRIBE(ticket_drafts, (items, "One's own drafts."), (others, "What others are writing."))

} // namespace switchboard
