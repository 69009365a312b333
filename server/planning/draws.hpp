#pragma once

#include <switchboard/planning/simulator.hpp>

#include <random>

namespace switchboard::routing {

enum purpose : std::uint32_t { gaps, handling, patience, purposes };

/// Uniform numbers for one purpose. Purposes do not share a stream, so that scenarios that differ in one thing are
/// compared on the same customers.
class stream {
public:
    stream(std::uint64_t seed, std::uint32_t number, std::uint32_t purpose, bool mirrored);

    /// Strictly between 0 and 1.
    double uniform() {
        const auto u = (static_cast<double>(bits_() >> 11) + 0.5) * 0x1p-53;
        return mirrored_ ? 1 - u : u;
    }

private:
    std::mt19937_64 bits_;
    bool mirrored_;
};

/// Draws of one random_time from its own stream.
class time_source {
public:
    time_source(const random_time& t, const stream& s);
    double draw();

private:
    double exponential(double mean);
    double erlang(int phases, double mean_phase);

    stream stream_;
    random_time of_;
    // cv2 < 1: with probability p_ one phase fewer. cv2 > 1: with probability p_ the first mean.
    double p_ = 1;
    int phases_ = 1;
    double first_mean_ = 0, second_mean_ = 0;
};

} // namespace switchboard::routing
