#include "planning/draws.hpp"

#include <cmath>

namespace switchboard::routing {

stream::stream(std::uint64_t seed, std::uint32_t number, std::uint32_t purpose, bool mirrored) : mirrored_(mirrored) {
    std::seed_seq words{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32), number, purpose};
    bits_.seed(words);
}

time_source::time_source(const random_time& t, const stream& s) : stream_(s), of_(t) {
    const auto c = t.cv2;
    if (c > 1) {
        p_ = (1 + std::sqrt((c - 1) / (c + 1))) / 2;
        first_mean_ = t.mean / (2 * p_);
        second_mean_ = t.mean / (2 * (1 - p_));
    } else if (c > 0 && c < 1) {
        phases_ = static_cast<int>(std::ceil(1 / c));
        const double k = phases_;
        p_ = (k * c - std::sqrt(std::max(0.0, k * (1 + c) - k * k * c))) / (1 + c);
        first_mean_ = t.mean / (k - p_);
    }
}

double time_source::exponential(double mean) {
    return -mean * std::log(stream_.uniform());
}

double time_source::erlang(int phases, double mean_phase) {
    constexpr double near_underflow = 1e-280;
    double product = 1, sum = 0;
    for (int i = 0; i < phases; ++i) {
        product *= stream_.uniform();
        if (product > near_underflow) continue;
        sum -= std::log(product);
        product = 1;
    }
    return mean_phase * (sum - std::log(product));
}

double time_source::draw() {
    if (of_.cv2 == 1) return exponential(of_.mean);
    if (of_.cv2 == 0) return of_.mean;
    const bool first = stream_.uniform() < p_;
    if (of_.cv2 > 1) return exponential(first ? first_mean_ : second_mean_);
    return erlang(first ? phases_ - 1 : phases_, first_mean_);
}

} // namespace switchboard::routing
