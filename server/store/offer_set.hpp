#pragma once

#include <switchboard/model/ticket.hpp>
#include <switchboard/store/routing.hpp>

#include "store/pipeline.hpp"

#include <cstddef>
#include <utility>
#include <vector>

namespace switchboard::store {

/// Makes offers together: asks for tickets and agents under lock, and adds what writes those that can be made. Left out
/// is what no longer is as the write says, whose agent is not ready any more, and all offers to an agent who has no
/// room for all of them: the caller may try those one by one. `which`: places in `writes`, one of a ticket. Each offer
/// that will stand, with its write's place. Whatever waits in the pipeline goes out first.
std::vector<std::pair<std::size_t, offer>> make_offers(pipeline& to, std::int64_t epoch,
                                                       const std::vector<routing_write>& writes,
                                                       const std::vector<std::size_t>& which);

} // namespace switchboard::store
