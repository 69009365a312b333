#include "theory/exact/skill_center.hpp"

#include <deque>
#include <random>

namespace switchboard::theory {

namespace {

struct counts {
    double offered = 0, blocked = 0, waited = 0, in_time = 0, wait = 0;
};

/// Everything is exponential, so the next event is drawn from the rates alone.
class one_run {
public:
    one_run(const skill_center& c, double within, unsigned seed)
        : center_(c), within_(within), random_(seed), queues_(static_cast<std::size_t>(c.types)) {
        for (std::size_t a = 0; a < c.agents.size(); ++a) idle_.push_back(a);
    }

    counts run(double horizon) {
        const double arrivals = center_.load * center_.types, warm_up = horizon / 50;
        while (now_ < horizon) {
            const double rate = arrivals + static_cast<double>(busy_.size());
            now_ += std::exponential_distribution{rate}(random_);
            counted_ = now_ > warm_up ? 1 : 0;
            if (std::uniform_real_distribution{0.0, rate}(random_) < arrivals)
                arrive(static_cast<int>(pick(queues_.size())));
            else
                end(pick(busy_.size()));
        }
        return n_;
    }

private:
    std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_); }
    bool has(std::size_t agent, std::size_t type) const { return center_.agents[agent].skills >> type & 1; }

    /// Idle agents stand in the order in which they became idle.
    std::size_t idle_for(std::size_t type) const {
        std::size_t best = idle_.size();
        for (std::size_t i = 0; i < idle_.size(); ++i) {
            if (static_cast<std::size_t>(center_.agents[idle_[i]].first) == type) return i;
            if (best == idle_.size() && has(idle_[i], type)) best = i;
        }
        return best;
    }

    void arrive(int which) {
        const auto type = static_cast<std::size_t>(which);
        const auto i = idle_for(type);
        const bool none = i == idle_.size();
        const bool full = center_.counts_lines ? busy_.size() + waiting_ >= center_.agents.size() + places()
                                               : none && waiting_ >= places();
        n_.offered += counted_;
        if (full)
            n_.blocked += counted_;
        else if (none) {
            queues_[type].push_back(now_);
            ++waiting_;
        } else {
            n_.in_time += counted_;
            busy_.push_back(idle_[i]);
            idle_.erase(idle_.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }

    void end(std::size_t i) {
        const auto agent = busy_[i];
        auto best = queues_.size();
        for (std::size_t t = 0; t < queues_.size(); ++t)
            if (has(agent, t) && !queues_[t].empty() &&
                (best == queues_.size() || queues_[t].front() < queues_[best].front()))
                best = t;
        if (best == queues_.size()) {
            busy_[i] = busy_.back();
            busy_.pop_back();
            idle_.push_back(agent);
            return;
        }
        const double wait = now_ - queues_[best].front();
        queues_[best].pop_front();
        --waiting_;
        n_.waited += counted_;
        n_.wait += counted_ * wait;
        n_.in_time += wait <= within_ ? counted_ : 0;
    }

    std::size_t places() const { return static_cast<std::size_t>(center_.places); }

    const skill_center& center_;
    double within_, now_ = 0, counted_ = 0;
    std::mt19937_64 random_;
    std::vector<std::size_t> idle_, busy_;
    std::vector<std::deque<double>> queues_; // when they came
    std::size_t waiting_ = 0;
    counts n_;
};

} // namespace

center_law simulate(const skill_center& c, double within, double horizon, int replications) {
    std::vector<double> blocked, waited, wait, in_time;
    for (int r = 0; r < replications; ++r) {
        const auto n = one_run(c, within, static_cast<unsigned>(r) + 1).run(horizon);
        blocked.push_back(n.blocked / n.offered);
        waited.push_back(n.waited / (n.offered - n.blocked));
        wait.push_back(n.wait / (n.offered - n.blocked));
        in_time.push_back(n.in_time / (n.offered - n.blocked));
    }
    return {routing::estimate_of(blocked), routing::estimate_of(waited), routing::estimate_of(wait),
            routing::estimate_of(in_time)};
}

} // namespace switchboard::theory
