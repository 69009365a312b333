// The routing engine alone, one thread: 10,000 agents of 1,000 profiles, a million waiting tickets in 4,096 classes.
// Prints what an arrival and an agent's return cost, and how many bytes a waiting ticket takes.

#include <switchboard/engine/engine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <new>
#include <random>

#include <malloc.h>
#include <time.h>

namespace {

std::size_t bytes_in_use = 0;
std::size_t allocations = 0;

} // namespace

// Everything that is allocated is counted, with what malloc really set aside for it.
void* operator new(std::size_t size, std::align_val_t alignment) {
    auto* memory =
        std::aligned_alloc(static_cast<std::size_t>(alignment), (size + static_cast<std::size_t>(alignment) - 1) &
                                                                    ~(static_cast<std::size_t>(alignment) - 1));
    if (memory == nullptr) throw std::bad_alloc{};
    bytes_in_use += malloc_usable_size(memory);
    ++allocations;
    return memory;
}
void* operator new(std::size_t size) {
    return operator new(size, std::align_val_t{16});
}
void operator delete(void* memory) noexcept {
    bytes_in_use -= malloc_usable_size(memory);
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    operator delete(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
    operator delete(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
    operator delete(memory);
}

namespace {

using namespace switchboard;
using namespace switchboard::routing;
using clock_type = std::chrono::steady_clock;

constexpr int agent_count = 10'000;
constexpr int profile_count = 1'000;
constexpr int class_count = 4'096;
constexpr int waiting_count = 1'000'000;
constexpr int queue_count = 64;
constexpr int skill_count = 64;
constexpr int measured = 200'000;
constexpr int batch = 64;

std::int64_t cpu_time() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

/// What calls of one kind took: the mean from this thread's processor time over batches, so that other work on the
/// machine does not count; the percentiles from the wall clock around each call.
class series {
public:
    explicit series(std::string name) : name_(std::move(name)) { taken_.reserve(measured); }

    /// Calls f(i) for the whole batch.
    template <class Call>
    void time(int calls, Call&& f) {
        const auto allocated = allocations;
        const auto cpu = cpu_time();
        for (int i = 0; i < calls; ++i) {
            const auto from = clock_type::now();
            f(i);
            taken_.push_back((clock_type::now() - from).count());
        }
        cpu_ += cpu_time() - cpu;
        allocations_ += allocations - allocated;
    }

    void print() {
        std::ranges::sort(taken_);
        const auto n = static_cast<double>(taken_.size());
        const auto percentile = [this](std::size_t p) {
            return static_cast<double>(taken_[taken_.size() * p / 100]) / 1e3;
        };
        fmt::print("{:<34} {:>9} {:>10.2f} {:>10.2f} {:>10.2f} {:>14.3f}\n", name_, taken_.size(),
                   static_cast<double>(cpu_) / n / 1e3, percentile(50), percentile(99),
                   static_cast<double>(allocations_) / n);
    }

private:
    std::string name_;
    std::vector<std::int64_t> taken_;
    std::int64_t cpu_ = 0;
    std::size_t allocations_ = 0;
};

class center {
public:
    /// Every queue as `model` says.
    explicit center(queue_config model = {}) {
        for (model.id = 1; model.id <= queue_count; ++model.id) check(engine_.put(model, now_, out_));
        for (int p = 0; p < profile_count; ++p) profiles_.push_back(draw_profile());
        for (agent_id a = 1; a <= agent_count; ++a) {
            auto config = profiles_[static_cast<std::size_t>(a % profile_count)];
            config.id = a;
            check(engine_.put(config, now_, out_));
        }
        for (int c = 0; c < class_count; ++c) classes_.push_back(draw_class(c));
        engine_.start(now_, out_);
    }

    /// A ticket of a random class; every class has some.
    waiting_ticket next_ticket() {
        now_ += std::chrono::microseconds{50};
        auto t = classes_[static_cast<std::size_t>(next_id_) < class_count ? static_cast<std::size_t>(next_id_)
                                                                           : pick(class_count)];
        t.id = ++next_id_;
        t.enqueued_at = now_;
        t.priority = static_cast<int>(pick(10));
        return t;
    }

    std::vector<waiting_ticket> next_tickets() {
        std::vector<waiting_ticket> tickets;
        while (tickets.size() < batch) tickets.push_back(next_ticket());
        return tickets;
    }

    void fill(int tickets = waiting_count) {
        while (next_id_ < tickets) {
            engine_.waiting(next_ticket(), now_, out_);
            out_.clear();
        }
    }

    /// Everybody signs in and gets work: afterwards all are busy and the rest waits.
    void open() {
        for (agent_id a = 1; a <= agent_count; ++a) {
            engine_.presence(a, channel_set{channel::phone}, now_, out_);
            accept_all();
        }
    }

    /// Nobody is free and a million wait: tickets arrive, and agents become free and take the best that waits.
    void run_overload(int rounds, series& arrival, series& release) {
        decisions made;
        made.reserve(batch);
        for (int done = 0; done < rounds; done += batch) {
            const auto tickets = next_tickets();
            arrival.time(batch, [&](int i) { engine_.waiting(tickets[static_cast<std::size_t>(i)], now_, made); });

            std::vector<std::size_t> freed;
            while (freed.size() < batch)
                if (const auto i = pick(busy_.size()); std::ranges::find(freed, i) == freed.end()) freed.push_back(i);
            release.time(batch, [&](int i) {
                const auto& b = busy_[freed[static_cast<std::size_t>(i)]];
                engine_.released(b.ticket, b.agent, now_, made);
            });
            if (made.size() != batch) std::abort(); // each freed agent has got one ticket
            for (std::size_t i = 0; i < batch; ++i) {
                const auto& o = std::get<make_offer>(made[i]);
                busy_[freed[i]] = {o.agent, o.ticket};
                engine_.accepted(o.ticket, o.agent, now_, out_);
            }
            made.clear();
        }
    }

    /// The other half of the world: agents wait, a ticket is offered at once.
    void run_surplus(int rounds, series& arrival) {
        decisions made;
        made.reserve(batch);
        for (int done = 0; done < rounds; done += batch) {
            const auto tickets = next_tickets();
            arrival.time(batch, [&](int i) { engine_.waiting(tickets[static_cast<std::size_t>(i)], now_, made); });
            if (made.size() != batch) std::abort(); // each ticket has found an agent
            for (const auto& d : made) {
                const auto& o = std::get<make_offer>(d);
                engine_.accepted(o.ticket, o.agent, now_, out_);
                engine_.released(o.ticket, o.agent, now_, out_);
            }
            made.clear();
        }
    }

    /// Queues that fan out, and everybody has a ticket ringing that may ring at one more: nobody is free for it.
    void let_all_ring() {
        for (agent_id a = 1; a <= agent_count; ++a) engine_.presence(a, channel_set{channel::phone}, now_, out_);
        out_.clear();
    }
    void run_arrivals(int rounds, series& arrival) {
        for (int done = 0; done < rounds; done += batch) {
            const auto tickets = next_tickets();
            arrival.time(batch, [&](int i) { engine_.waiting(tickets[static_cast<std::size_t>(i)], now_, out_); });
        }
        if (!out_.empty()) std::abort(); // nobody was free
    }

    void run_leaving(int rounds, series& leaving) {
        for (int i = 0; i < rounds; ++i) {
            const auto id = static_cast<ticket_id>(pick(static_cast<std::size_t>(next_id_)) + 1);
            if (engine_.is_waiting(id)) leaving.time(1, [&](int) { engine_.gone(id, now_, out_); });
        }
    }

    engine& get() { return engine_; }
    [[nodiscard]] std::size_t waiting() const {
        std::size_t n = 0;
        for (queue_id q = 1; q <= queue_count; ++q) n += engine_.counts(q).waiting;
        return n;
    }

private:
    static void check(const std::expected<void, config_error>& result) {
        if (!result) std::abort();
    }
    std::size_t pick(std::size_t n) { return std::uniform_int_distribution<std::size_t>{0, n - 1}(random_); }

    agent_config draw_profile() {
        agent_config a;
        for (int i = 0; i < 14; ++i) {
            const auto q = static_cast<queue_id>(pick(queue_count) + 1);
            if (std::ranges::find(a.memberships, q, &membership::queue) == a.memberships.end())
                a.memberships.push_back({q, static_cast<int>(pick(3))});
        }
        for (skill_id s = 1; s <= skill_count; ++s)
            if (pick(100) < 60) a.skills.push_back({s, static_cast<int>(pick(6) + 5)});
        return a;
    }

    waiting_ticket draw_class(int c) {
        return {.queue = c % queue_count + 1,
                .channel = channel::phone,
                .tier = 1,
                .skills = {{c / queue_count % skill_count + 1, static_cast<int>(pick(6) + 1)}}};
    }

    void accept_all() {
        const auto made = std::move(out_);
        out_.clear();
        for (const auto& d : made) {
            const auto& o = std::get<make_offer>(d);
            busy_.push_back({o.agent, o.ticket});
            engine_.accepted(o.ticket, o.agent, now_, out_);
        }
        out_.clear();
    }

    struct pair {
        agent_id agent;
        ticket_id ticket;
    };
    engine engine_{engine_settings{.max_idle_classes = 8192}};
    std::mt19937_64 random_{1};
    timestamp now_{std::chrono::seconds{1'700'000'000}};
    decisions out_;
    std::vector<agent_config> profiles_;
    std::vector<waiting_ticket> classes_;
    std::vector<pair> busy_;
    ticket_id next_id_ = 0;
};

} // namespace

/// The same with another agent policy or order, with fewer calls: what these cost beside the plain ones.
void compare_policies() {
    constexpr int rounds = measured / 10;
    const auto surplus = [](const char* name, agent_policy policy) {
        center c({.policy = policy});
        c.open();
        series arrival(name), warm_up("");
        c.run_surplus(rounds, warm_up);
        c.run_surplus(rounds, arrival);
        arrival.print();
    };
    surplus("  asked by best_skill", agent_policy::best_skill);
    surplus("  by least_loaded", agent_policy::least_loaded);
    surplus("  by round_robin", agent_policy::round_robin);

    center c({.order = order_mode::fqr, .fqr_share = 1.0 / queue_count});
    c.fill(waiting_count / 10);
    c.open();
    series arrival("arrival, queues by ratio"), release("agent free, queues by ratio"), warm_up("");
    c.run_overload(rounds, warm_up, warm_up);
    c.run_overload(rounds, arrival, release);
    release.print();
}

/// Tickets that ring at fewer agents than they may must cost nothing as long as nobody becomes free.
void let_tickets_ring() {
    center c({.ring = std::chrono::hours{1}, .fan_out = 2});
    c.fill(waiting_count / 10);
    c.let_all_ring();
    series arrival("  while 10,000 ring at too few"), warm_up("");
    c.run_arrivals(measured / 100, warm_up);
    c.run_arrivals(measured / 10, arrival);
    arrival.print();
}

int main() {
    series warm_up("warm-up"), arrival("arrival, nobody free"), release("agent free, best of a million"),
        leaving("a waiting ticket leaves"), surplus("arrival, 10,000 agents free");
    fmt::print("{:<34} {:>9} {:>10} {:>10} {:>10} {:>14}\n", "", "calls", "cpu us", "p50 us", "p99 us", "allocations");
    {
        center c;
        c.open();
        c.run_surplus(measured / 10, warm_up);
        c.run_surplus(measured, surplus);
        surplus.print();
    }
    compare_policies();
    let_tickets_ring();
    center c;
    const auto before = bytes_in_use;
    const auto from = clock_type::now();
    c.fill();
    const std::chrono::duration<double> filled = clock_type::now() - from;
    const auto ticket_bytes = static_cast<double>(bytes_in_use - before) / static_cast<double>(c.waiting());
    c.open();
    c.run_overload(measured / 10, warm_up, warm_up);
    c.run_overload(measured, arrival, release);
    arrival.print();
    release.print();
    fmt::print("\n{} waiting, {} agents, {} classes, {} profiles\n", c.waiting(), agent_count, c.get().class_count(),
               c.get().profile_count());
    fmt::print("bytes per waiting ticket: {:.1f}; loading a million took {:.2f} s; the whole engine: {:.0f} MiB\n",
               ticket_bytes, filled.count(), static_cast<double>(bytes_in_use) / 1048576.0);
    c.run_leaving(measured, leaving);
    leaving.print();
}
