#include <switchboard/util/offload.hpp>

namespace switchboard {

offload_pool::offload_pool(std::size_t threads, std::size_t max_pending)
    : max_pending_{max_pending}, threads_{threads} {}

offload_pool::~offload_pool() {
    join();
}

void offload_pool::join() {
    threads_.join();
}

offload_pool::place offload_pool::enter() {
    place mine{(++pending_, this)};
    if (pending_ > max_pending_) throw overloaded{"too many jobs are waiting for a processor"};
    return mine;
}

} // namespace switchboard
