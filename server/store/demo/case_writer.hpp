#pragma once

#include "store/demo/parts.hpp"

#include <switchboard/sla/promise.hpp>

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace switchboard::store::demo {

/// One case: who asked, who answered, when, and how it stands now.
struct demo_case {
    const nlohmann::json* story = nullptr;
    const customer* who = nullptr;
    const demo::agent* agent = nullptr; // null = nobody yet
    timestamp opened{};
    std::optional<timestamp> held_until;
    std::size_t number = 0; // makes references and amounts differ
};

/// Writes a case as the ticket, contacts, notes, offer and events that it would have left.
class case_writer {
public:
    case_writer(pqxx::transaction_base& tx, const center& in, const std::string& fax)
        : tx_{tx}, center_{in}, fax_{fax} {}

    void write(const demo_case& c);

private:
    struct turn {
        char mark = '>'; // > the customer, < the agent, # a note
        std::string text;
        timestamp at{};
    };

    std::vector<turn> turns_of(const demo_case& c) const;
    std::string fill(std::string text, const demo_case& c) const;
    std::int64_t write_ticket(const demo_case& c, const std::vector<turn>& turns);
    sla::promise promise_to(const demo_case& c, const std::vector<turn>& turns, sla::promise::lines& told) const;
    void write_contact(const demo_case& c, const turn& t, std::int64_t ticket);
    void write_mail(const demo_case& c, const turn& t, nlohmann::json& row);
    void write_raw(const demo_case& c, std::int64_t contact, const nlohmann::json& row);
    void write_fax_image(std::int64_t contact);
    void write_work(const demo_case& c, const std::vector<turn>& turns, std::int64_t ticket);

    pqxx::transaction_base& tx_;
    const center& center_;
    const std::string& fax_;

    // Of the case that is being written.
    std::string session_;                  // chat
    std::int64_t seq_ = 0;                 // chat
    std::vector<std::string> message_ids_; // e-mail, oldest first
};

/// "phone" → the gateway that such contacts come through.
const char* gateway_of(const std::string& channel);

} // namespace switchboard::store::demo
