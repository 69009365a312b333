#pragma once

#include "engine/tickets.hpp"

#include <climits>
#include <span>
#include <string_view>
#include <unordered_map>

namespace switchboard::routing {

/// Jurisdiction names as small numbers; 0 is "*".
class jurisdiction_names {
public:
    jurisdiction_names() { number("*"); }
    std::int64_t number(std::string_view name);
    [[nodiscard]] std::string name(std::int64_t number) const; // for people: looks at each

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
    };
    std::unordered_map<std::string, std::int64_t, hash, std::equal_to<>> numbers_;
};

/// What a class asks of an agent after the relaxation steps that it has taken.
struct demand {
    struct skill_term {
        skill_id skill = 0;
        std::int64_t min = 1, max = 10;
    };
    queue_id queue = 0;
    routing::channel channel = channel::email; // its lane
    int difficulty = 0;
    std::int64_t delay_passed = 0; // microseconds
    std::vector<skill_term> skills{};
    std::vector<std::pair<licence_type_id, std::int64_t>> licences{}; // type, jurisdiction
    std::vector<queue_id> added{};                                    // queues whose members are asked as well
    int tiers_up = 0, priority_up = 0;
};

/// The most points that a ticket's skill terms can come to: what scores are counted down from.
inline constexpr std::int64_t most_skill_points = 1 << 20;

/// A class in one canonical row of numbers, so that equal tickets are one class:
/// queue, lane, difficulty, delay passed, steps taken, number of skills, skill…(id, min, max), licence…(type,
/// jurisdiction). What the steps change is not in it: another configuration of the queue gives the class another
/// demand.
class class_terms {
public:
    explicit class_terms(std::span<const std::int64_t> row) : row_(row) {}
    [[nodiscard]] queue_id queue() const { return row_[0]; }
    [[nodiscard]] routing::channel channel() const { return static_cast<routing::channel>(row_[1]); }
    [[nodiscard]] std::int64_t delay_passed() const { return row_[3]; } // microseconds
    [[nodiscard]] int step() const { return static_cast<int>(row_[4]); }
    [[nodiscard]] demand after(std::span<const relaxation_step> steps) const;

private:
    std::span<const std::int64_t> row_;
};

/// Interns demands. A class lives while tickets are in it; above a limit the empty ones give their number away.
class class_table {
public:
    explicit class_table(std::size_t limit) : limit_(limit) {}

    struct found {
        index_t cls;
        bool is_new;
        bool reused; // its number belonged to another class before
    };
    found of(const waiting_ticket& t, std::int64_t delay_passed);
    found with_delay(index_t cls, std::int64_t delay_passed) { return with(cls, delay_at, delay_passed); }
    found with_step(index_t cls, int step) { return with(cls, step_at, step); }
    /// The same demands in another queue, no step taken.
    found in_queue(index_t cls, queue_id queue);
    [[nodiscard]] class_terms terms(index_t cls) const { return class_terms{rows_[cls]}; }

    void hold(index_t cls) { ++refs_[cls]; }
    void drop(index_t cls) { --refs_[cls]; }
    [[nodiscard]] std::size_t size() const { return rows_.size(); }

private:
    using row = std::vector<std::int64_t>;
    struct cell {
        std::uint64_t hash = 0;
        index_t cls = nobody;
    };
    static constexpr std::size_t delay_at = 3, step_at = 4;
    found with(index_t cls, std::size_t at, std::int64_t value);
    found intern();
    void insert(std::uint64_t hash, index_t cls);
    void erase(std::uint64_t hash, index_t cls);

    std::size_t limit_;
    std::vector<cell> cells_ = std::vector<cell>(256); // open addressing, power of two, at most half full
    std::vector<row> rows_;
    std::vector<std::uint32_t> refs_;
    index_t hand_ = 0; // where the search for an empty class goes on
    row scratch_;
    std::vector<std::array<std::int64_t, 3>> sorted_;
    jurisdiction_names names_;

public:
    [[nodiscard]] jurisdiction_names& jurisdictions() { return names_; }
    [[nodiscard]] const jurisdiction_names& jurisdictions() const { return names_; }
};

} // namespace switchboard::routing
