#pragma once

#include <switchboard/model/traffic.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>

namespace switchboard::store {

class database;

class traffic {
public:
    explicit traffic(database& db) : db_{db} {}

    /// The last `days` days, or since the first ticket. `zone` is a known time zone: hours are local ones.
    boost::asio::awaitable<recorded_traffic> load(std::int64_t days, std::string zone);

private:
    database& db_;
};

} // namespace switchboard::store
