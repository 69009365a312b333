#pragma once

#include "routing/engine/tickets.hpp"

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

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
    };
    std::unordered_map<std::string, std::int64_t, hash, std::equal_to<>> numbers_;
};

/// What a class asks of an agent, in one canonical row of numbers, so that equal demands are one class.
/// queue, channel, difficulty, delay passed, number of skills, skill…(id, min, max), licence…(type, jurisdiction)
class class_terms {
public:
    explicit class_terms(std::span<const std::int64_t> row) : row_(row) {}
    [[nodiscard]] queue_id queue() const { return row_[0]; }
    [[nodiscard]] routing::channel channel() const { return static_cast<routing::channel>(row_[1]); }
    [[nodiscard]] int difficulty() const { return static_cast<int>(row_[2]); }
    [[nodiscard]] std::int64_t delay_passed() const { return row_[3]; } // microseconds
    template <class F>
    bool all_skills(F&& f) const {
        for (std::size_t i = 0; i < skills(); ++i)
            if (const auto* s = &row_[5 + 3 * i]; !f(s[0], s[1], s[2])) return false;
        return true;
    }
    template <class F>
    bool all_licences(F&& f) const {
        for (std::size_t i = 5 + 3 * skills(); i < row_.size(); i += 2)
            if (!f(row_[i], row_[i + 1])) return false;
        return true;
    }

private:
    [[nodiscard]] std::size_t skills() const { return static_cast<std::size_t>(row_[4]); }
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
    found with_delay(index_t cls, std::int64_t delay_passed);
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
};

} // namespace switchboard::routing
