#include <switchboard/store/database.hpp>

#include "store/connection_pool.hpp"

namespace switchboard::store {

database::database(std::string url, database_options options)
    : pool_{std::make_unique<connection_pool>(std::move(url), std::move(options))} {}

database::~database() {
    join();
}

void database::join() {
    pool_->threads().join();
}

std::size_t database::pending() const {
    return pool_->pending();
}

} // namespace switchboard::store
