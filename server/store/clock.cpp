#include <switchboard/store/clock.hpp>
#include <switchboard/util/time.hpp>

#include "store/run.hpp"
#include "store/sql.hpp"

namespace switchboard::store {

boost::asio::awaitable<clock_reading> read_clock(database& db) {
    return run(db, [](pqxx::connection& c) {
        static constexpr statement ask{"read_clock", "SELECT clock_timestamp()"};
        pqxx::nontransaction tx{c};
        const auto before = now();
        const auto database = value_of<timestamp>(query(tx, ask));
        const auto after = now(), machine = machine_now();
        const auto blur = (after - before) / 2;
        return clock_reading{database - (before + blur), machine - blur - database, blur};
    });
}

} // namespace switchboard::store
