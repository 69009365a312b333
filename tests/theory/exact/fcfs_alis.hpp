#pragma once

#include <cstdint>
#include <vector>

/// First come first served, assign to the longest idle server: the product-form law of Adan and Weiss, A skill based
/// parallel service system under FCFS-ALIS, Stochastic Systems 4(1), 2014, theorem 2.1.
namespace switchboard::theory {

struct customer_type {
    double rate = 0;
    std::uint32_t servers = 0; // bit m: server m may serve it
};

struct skill_network {
    std::vector<customer_type> types;
    std::vector<double> servers; // the service rate of each
};

struct network_law {
    struct type_law {
        double p_wait = 0, mean_wait = 0;
        double service_level = 0; // served within `within`
    };
    std::vector<type_law> types;
    std::vector<double> busy; // by server
};

network_law law_of(const skill_network& network, double within);

} // namespace switchboard::theory
