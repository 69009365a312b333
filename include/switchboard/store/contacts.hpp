#pragma once

#include <switchboard/model/page.hpp>
#include <switchboard/model/record.hpp>
#include <switchboard/store/intake.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace switchboard::store {

class database;

struct attachment_content {
    attachment_record about;
    std::int64_t contact_id = 0;
    std::string content;
};

/// One of the contacts that an input became.
struct kept_contact {
    std::int64_t id = 0;
    std::string external_id;
    bool quarantined = false;
};

/// An input with all contacts that came of it, in their order.
struct kept_input {
    std::int64_t gateway_id = 0;
    raw_message raw;
    std::vector<kept_contact> contacts;
};

/// Contacts as they are kept. Who may see one is asked beside this (tickets::may_see_contact).
class contacts {
public:
    explicit contacts(database& db) : db_{db} {}

    boost::asio::awaitable<std::optional<contact_record>> get(std::int64_t contact);

    /// Those of these that exist, in the order of their ids: a page of a timeline.
    boost::asio::awaitable<std::vector<contact_record>> get(std::vector<std::int64_t> ids);

    /// The input as it came. A contact that we wrote has none. Contacts of one input share its bytes.
    boost::asio::awaitable<std::optional<raw_message>> raw(std::int64_t contact);

    boost::asio::awaitable<std::optional<attachment_content>> attachment(std::int64_t id);

    /// What could not be understood, the newest first.
    boost::asio::awaitable<page<contact_record>> quarantined(page_request part);

    /// Quarantined contacts above `after`, the oldest first, one for each input: of one gateway or of all.
    boost::asio::awaitable<std::vector<std::int64_t>>
    quarantined_ids(std::int64_t after, std::optional<std::string> gateway, std::int64_t most);

    /// The input that a quarantined contact came of; empty if the contact is not quarantined.
    boost::asio::awaitable<std::optional<kept_input>> quarantined_input(std::int64_t contact);

private:
    database& db_;
};

} // namespace switchboard::store
