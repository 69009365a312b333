#include "theory/exact/fcfs_alis.hpp"

#include <cmath>
#include <stdexcept>

namespace switchboard::theory {

namespace {

using server_set = std::uint32_t;

/// The law has a factor for each set of the first j busy servers (in the order of their customers' arrival) and one for
/// each set of the last j idle ones, so sums over all orders go from set to set.
struct sums {
    explicit sums(const skill_network& n) : network(n), all((server_set{1} << n.servers.size()) - 1) {
        busy.assign(all + 1, 0.0);
        idle.assign(all + 1, 0.0);
        surplus.assign(all + 1, 0.0);
        busy[0] = idle[0] = 1;
        for (server_set s = 1; s <= all; ++s) {
            surplus[s] = service_of(s) - captive(s);
            if (surplus[s] <= 0) throw std::invalid_argument("the network is overloaded");
            busy[s] = over_last(s, busy) / surplus[s];
            idle[s] = over_last(s, idle) / reachable(s);
        }
    }

    double over_last(server_set s, const std::vector<double>& f) const {
        double sum = 0;
        for (std::size_t m = 0; m < network.servers.size(); ++m)
            if (s >> m & 1) sum += f[s & ~(server_set{1} << m)];
        return sum;
    }
    double service_of(server_set s) const {
        double sum = 0;
        for (std::size_t m = 0; m < network.servers.size(); ++m)
            if (s >> m & 1) sum += network.servers[m];
        return sum;
    }
    static bool is_captive(const customer_type& c, server_set s) { return (c.servers & ~s) == 0; }
    double captive(server_set s) const { // arrivals that only these servers may serve
        double sum = 0;
        for (const auto& c : network.types) sum += is_captive(c, s) ? c.rate : 0;
        return sum;
    }
    double reachable(server_set s) const { // arrivals that some of these servers may serve
        double sum = 0;
        for (const auto& c : network.types) sum += (c.servers & s) != 0 ? c.rate : 0;
        return sum;
    }

    const skill_network& network;
    server_set all;
    std::vector<double> busy, idle, surplus;
};

/// A waiting customer's wait is a sum of exponential stages, one for each set of first servers to which its type is
/// captive (the queue it leaves behind is the arrivals of its own wait). The chance that they take at most `t`, from
/// each set, by uniformization.
std::vector<double> within_from(const sums& s, const customer_type& c, double t) {
    double top = 0;
    for (server_set x = 1; x <= s.all; ++x) top = std::max(top, s.surplus[x]);
    std::vector<double> now(s.all + 1, 0.0), sum(s.all + 1, 0.0);
    const double jumps = top * t;
    const auto last = static_cast<int>(jumps + 12 * std::sqrt(jumps) + 60);
    for (int k = 0; k <= last; ++k) {
        const double weight = std::exp(-jumps + k * std::log(jumps) - std::lgamma(k + 1.0));
        for (server_set x = 0; x <= s.all; ++x) {
            if (!sums::is_captive(c, x)) now[x] = 1;
            sum[x] += weight * now[x];
        }
        for (server_set x = s.all; x > 0; --x) {
            if (!sums::is_captive(c, x)) continue;
            double after = 0; // the stage ends: one server fewer, weighted by the orders that lead here
            for (std::size_t m = 0; m < s.network.servers.size(); ++m)
                if (x >> m & 1) after += s.busy[x & ~(server_set{1} << m)] * now[x & ~(server_set{1} << m)];
            after /= s.over_last(x, s.busy);
            now[x] += s.surplus[x] / top * (after - now[x]);
        }
    }
    return sum;
}

} // namespace

network_law law_of(const skill_network& network, double within) {
    const sums s(network);
    double norm = 0;
    for (server_set x = 0; x <= s.all; ++x) norm += s.busy[x] * s.idle[s.all & ~x];

    network_law law;
    law.busy.assign(network.servers.size(), 0.0);
    for (server_set x = 0; x <= s.all; ++x)
        for (std::size_t m = 0; m < network.servers.size(); ++m)
            if (x >> m & 1) law.busy[m] += s.busy[x] * s.idle[s.all & ~x] / norm;

    for (const auto& c : network.types) {
        network_law::type_law of;
        const auto in_time = within_from(s, c, within);
        std::vector<double> queue(s.all + 1, 0.0); // the type's mean queue times the weight of the set
        for (server_set x = 1; x <= s.all; ++x) {
            queue[x] = s.over_last(x, queue) / s.surplus[x];
            if (!sums::is_captive(c, x)) continue;
            queue[x] += s.busy[x] * c.rate / s.surplus[x];
            of.p_wait += s.busy[x] * s.idle[s.all & ~x] / norm;
        }
        for (server_set x = 0; x <= s.all; ++x) {
            of.mean_wait += queue[x] * s.idle[s.all & ~x] / norm / c.rate;
            of.service_level += in_time[x] * s.busy[x] * s.idle[s.all & ~x] / norm;
        }
        law.types.push_back(of);
    }
    return law;
}

} // namespace switchboard::theory
