#pragma once

#include <switchboard/intake/config.hpp>
#include <switchboard/intake/intake.hpp>
#include <switchboard/util/offload.hpp>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <vector>

namespace switchboard::intake {

struct understood {
    std::shared_ptr<const raw_message> raw; // with what was fetched for it
    std::vector<normalized_record> records;
};

/// What proves an input beside its own words.
struct proof {
    bool given = false;          // it was proved when it came, and is kept since: nothing is asked again
    std::string authorization{}; // the header field, which is looked at and never kept
};

/// Normalises an input on the pool, after what it needs of other servers was fetched. Throws `overloaded`, and
/// `not_now`.
boost::asio::awaitable<understood> understand(const outside& ask, offload_pool& pool, const intake_gateway& from,
                                              std::shared_ptr<const raw_message> raw, proof p);

} // namespace switchboard::intake
