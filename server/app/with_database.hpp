#pragma once

#include "app/database_place.hpp"

#include <switchboard/store/database.hpp>
#include <switchboard/store/migrate.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

namespace switchboard::app {

/// Opens the migrated database and runs the coroutine `work(database&)` on it to its end.
template <class F>
auto with_database(const config& c, F work) {
    const database_place place{c, true};
    store::migrate(place.url(), store::find_migrations());
    store::database_options options;
    options.connections = 1;
    store::database db{place.url(), options};
    boost::asio::io_context io{1};
    auto done = boost::asio::co_spawn(io, work(db), boost::asio::use_future);
    io.run();
    return done.get();
}

} // namespace switchboard::app
