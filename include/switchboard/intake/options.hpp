#pragma once

#include <switchboard/store/intake_rows.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace switchboard::intake {

using store::raw_message;
using receipt = store::intake_receipt;

struct intake_options {
    std::size_t group_contacts = 256;       // that share one commit
    std::size_t group_bytes = 16u << 20;    // of raw input; one larger input is a group of its own
    std::size_t waiting_contacts = 20'000;  // past it: overloaded
    std::size_t waiting_bytes = 512u << 20; // of raw input; past it: overloaded
    /// In a flood a second commit writes its rows while the first waits for the disk. What belongs together (a sender,
    /// a thread, a message and its answer) is never in two at once, so that its order stays.
    std::size_t commits_in_flight = 2;
    std::size_t flood = 28; // contacts that must wait before a commit starts beside another
    /// After a commit of so many with no other under way the next group gathers this much longer, so that the senders
    /// who were just answered are in it: half as many groups, each with its fixed cost. Whoever comes alone never
    /// waits.
    std::chrono::microseconds gather{1000};
};

struct intake_counts {
    std::uint64_t commits = 0, contacts = 0, duplicates = 0, quarantined = 0, failed = 0;
    std::size_t waiting = 0; // contacts now
};

} // namespace switchboard::intake
