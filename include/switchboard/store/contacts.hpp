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

private:
    database& db_;
};

} // namespace switchboard::store
