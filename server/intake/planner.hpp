#pragma once

#include "intake/classify.hpp"
#include "intake/clues.hpp"
#include "intake/contact_facts.hpp"
#include "intake/letters.hpp"

#include <switchboard/intake/config.hpp>
#include <switchboard/store/intake.hpp>

#include <functional>
#include <map>

namespace switchboard::intake {

/// The state of one planning: what the database knows, overlaid with what the group did so far.
class planner {
public:
    planner(const intake_config& config, const store::intake_answers& answers);

    store::intake_writes run(const store::intake_group& group);

private:
    struct thread {
        store::known_ticket* ticket = nullptr; // null = a new one
        std::optional<std::int64_t> related;
        std::string related_why = "named";
        bool by_clue = false; // by what people name who take part: weaker than a message of its own
        bool answers = false; // it was found by our signed address or by a message of its own
    };

    store::intake_receipt visit(const store::intake_item& item, const inbound_contact& c);
    store::intake_receipt visit(const store::intake_item& item, const contact_event& e);

    /// Of an input that was quarantined and still is, or that is no more.
    store::intake_receipt unmended(const store::intake_item& item, const std::string& why) const;

    struct place {
        store::intake_receipt receipt;
        store::known_letter letter;
    };
    std::optional<place> place_of(const store::external_key& key) const;
    /// The receipt of the contact that this is a repeat of. Another mail with its Message-ID is none: then the row is
    /// given the other external id, and that is looked for.
    std::optional<store::intake_receipt> repeated(const inbound_contact& c, store::contact_row& row);
    /// The contact of the same mail at another mailbox.
    std::optional<store::known_twin> twin(const store::intake_item& item, const inbound_contact& c) const;
    /// One contact came once more, by another way.
    store::intake_receipt delivered_again(const store::intake_item& item, const std::string& external_id,
                                          store::intake_receipt first);
    // A call and all that is told of it (calls.cpp).
    struct call_place {
        store::known_call known;
        std::optional<std::size_t> mended, made; // its row of this group
    };
    call_place* call_of(std::int64_t gateway, const inbound_contact& c);
    call_place* call_of(const store::external_key& key);
    /// The receipt of the call that this is one more report of; empty = it is the first.
    std::optional<store::intake_receipt> told_again(const store::intake_item& item, const inbound_contact& c);
    /// A call that is new, with what came of it before itself.
    void begin_call(const store::intake_item& item, store::contact_row& row, const inbound_contact& c);
    void remember_call(const store::intake_item& item, const store::contact_row& row, const inbound_contact& c);
    void progress(const store::intake_item& item, const contact_event& e);
    void complete(call_place& call, inbound_contact now);
    void note_end(const store::known_call& before, const inbound_contact& now);

    std::optional<store::known_customer> customer(const inbound_contact& c);
    store::known_customer customer(const party& who, const std::string& language);

    // In which order a ticket is looked for: docs/gateways-mail.md "Which ticket"; for the other channels the thread
    // and then the caller's open ticket in the same queue.
    thread find_thread(const store::intake_item& item, const inbound_contact& c, const classification& kind,
                       const std::optional<store::known_customer>& who);
    thread find_mail_thread(const store::intake_item& item, const inbound_contact& c,
                            const std::optional<store::known_customer>& who);
    store::known_ticket* ticket(std::int64_t id);
    store::known_ticket* ticket_of_message(std::int64_t gateway, const std::string& message_id);
    store::known_ticket* ticket_of_clues(const inbound_contact& c);
    /// What later mails may find this ticket by.
    void leave_clues(const inbound_contact& c, std::int64_t ticket);
    store::known_ticket* ticket_of_thread(const store::intake_item& item, const inbound_contact& c);
    store::known_ticket* open_ticket_of(std::int64_t customer, const classification& kind, timestamp now);

    store::known_ticket& open(const store::intake_item& item, const inbound_contact& c, const classification& kind,
                              const std::optional<store::known_customer>& who, const thread& found);
    /// Adds a contact to a ticket that exists. Whether it waits again because of it after being solved.
    bool append(store::known_ticket& t, const store::intake_item& item, const inbound_contact& c, bool by_person);
    void note_of_forwarder(const inbound_contact& c, std::int64_t ticket);
    void put_in_queue(store::known_ticket& t);
    /// What its queue promises to a ticket that waits since `at`.
    void promise_anew(store::known_ticket& t, timestamp at) const;
    void promise_resumed(store::known_ticket& t, timestamp at);
    void acknowledge_first(const intake_gateway& gateway, const inbound_contact& c, const ticket_summary& ticket);

    std::optional<std::int64_t> next_seq(const intake_gateway& gateway, const inbound_contact& c);
    std::optional<std::int64_t> raw_of(const store::intake_item& item, std::int64_t contact);

    const intake_config& config_;
    const store::intake_answers& answers_;
    store::intake_writes out_;

    std::map<store::external_key, place> placed_; // contacts of this group
    std::map<store::external_key, call_place> calls_;
    std::map<store::identity_key, store::known_customer> new_customers_;
    std::map<std::int64_t, store::known_ticket> tickets_; // a map: what points into it stays
    std::map<store::external_key, std::int64_t> threads_; // the newest ticket of each
    std::multimap<std::string, store::known_message> messages_;
    std::multimap<store::clue_of, std::int64_t> clues_;
    std::multimap<std::string, std::pair<std::int64_t, store::known_twin>> mails_; // by gateway, of this group
    std::map<std::string, std::int64_t> sessions_;
    std::map<const store::raw_message*, std::int64_t> raws_;
    decltype(store::intake_answers::events) events_;
    std::map<std::string, std::int64_t> acknowledged_; // automatic answers by address, this group's included
    std::set<std::int64_t> created_;
    std::size_t contacts_used_ = 0, tickets_used_ = 0, customers_used_ = 0;
};

} // namespace switchboard::intake
