#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace switchboard {

/// How often something may happen, by key (util/address: the prefix of an address; a login, a session) and in total.
/// A token bucket each: `count` at once, and as many again in every `window`, evenly. Keys are bounded: past it the one
/// that has rested longest is forgotten, so that many new ones never lock out anybody. Lives on one thread.
class rate_budget {
public:
    using clock = std::chrono::steady_clock;
    using time_source = std::function<clock::time_point()>;

    struct rate {
        std::int64_t count = 1;
        clock::duration window = std::chrono::seconds{1};
    };

    rate_budget(rate each, rate total, time_source now = clock::now, std::size_t most_keys = 10'000);

    /// Takes `n` of the key's part and of the total. When either has not so much, nothing is taken and it says after
    /// how many seconds it could be (1 or more: Retry-After); this counts as refused.
    [[nodiscard]] std::optional<std::chrono::seconds> take(std::string_view key, std::int64_t n = 1);

    /// What take() would say, without taking or counting: for what is only charged when it turns out to be wrong.
    [[nodiscard]] std::optional<std::chrono::seconds> wait_for(std::string_view key, std::int64_t n = 1) const;

    /// Takes `n` whether it is there or not: at most what `count` allows is owed beyond an empty bucket.
    void charge(std::string_view key, std::int64_t n = 1);

    /// What was taken was not used after all.
    void give_back(std::string_view key, std::int64_t n = 1);

    std::uint64_t refused() const { return refused_; }                // since the start
    const std::string& last_refused() const { return last_refused_; } // the key; empty = none yet
    std::size_t keys() const { return places_.size(); }

private:
    /// The time at which a bucket is full again says all of it.
    class bucket {
    public:
        std::optional<clock::duration> lacks(const rate& r, std::int64_t n, clock::time_point now) const;
        void take(const rate& r, std::int64_t n, clock::time_point now);

    private:
        clock::time_point full_at_{};
    };
    struct place {
        std::string key;
        bucket left;
    };

    std::optional<clock::duration> lacks(std::string_view key, std::int64_t n, clock::time_point now) const;
    bucket& touch(std::string_view key);

    rate each_, total_;
    time_source now_;
    std::size_t most_keys_;
    std::list<place> by_rest_; // who has rested longest is last
    std::unordered_map<std::string_view, std::list<place>::iterator> places_;
    bucket all_;
    std::uint64_t refused_ = 0;
    std::string last_refused_;
};

/// How much may be held at a time (sockets, bytes), by key and in total. Bounded by what is held. Outlives its shares;
/// lives on one thread.
class held_budget {
public:
    struct bounds {
        std::size_t each = 1, total = 1;
    };

    explicit held_budget(bounds b) : bounds_{b} {}
    held_budget(const held_budget&) = delete;
    held_budget& operator=(const held_budget&) = delete;

    /// What one holder holds, until it ends.
    class share {
    public:
        share() = default;
        share(share&& other) noexcept { swap(other); }
        share& operator=(share&& other) noexcept {
            share old{std::move(other)};
            swap(old);
            return *this;
        }
        ~share() { release(); }

        /// Holds so much from now on, more or less than before. False when more is not there: then it stays as it was.
        [[nodiscard]] bool resize(std::size_t n);
        void release();
        std::size_t size() const { return size_; }

    private:
        friend held_budget;
        void swap(share& other) noexcept;

        held_budget* of_ = nullptr;
        std::string key_;
        std::size_t size_ = 0;
    };

    /// Nothing when the key or all together hold too much already; this counts as refused.
    [[nodiscard]] std::optional<share> take(std::string_view key, std::size_t n = 1);

    std::size_t held() const { return held_; }
    std::uint64_t refused() const { return refused_; }                // since the start
    const std::string& last_refused() const { return last_refused_; } // the key; empty = none yet

private:
    bool change(const std::string& key, std::size_t from, std::size_t to);

    bounds bounds_;
    std::unordered_map<std::string, std::size_t> by_key_;
    std::size_t held_ = 0;
    std::uint64_t refused_ = 0;
    std::string last_refused_;
};

} // namespace switchboard
