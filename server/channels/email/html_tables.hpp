#pragma once

#include <cstddef>
#include <vector>

namespace switchboard::channels::email {

/// Where the cells of data tables end: there the text gets a tab, so that an empty cell is one. A table is one of data
/// when it holds no other table and has several rows of several cells; all others only lay out the page.
class table_cells {
public:
    struct boundary {
        std::size_t at;
        bool filled; // words of the same row follow
    };

    void begin_table();
    void end_table();
    void end_row();
    void begin_cell(std::size_t at);
    void words() { // of each word: in the header
        if (open_.empty()) return;
        auto& t = open_.back();
        for (; t.unfilled < t.cells.size(); ++t.unfilled) t.cells[t.unfilled].filled = true;
    }
    const std::vector<boundary>& found() const { return found_; }

private:
    static constexpr std::size_t deepest = 50, most_cells = 50'000;
    struct table {
        bool layout = false;
        int rows = 0, in_row = 0; // rows of several cells
        std::size_t unfilled = 0;
        std::vector<boundary> cells;
    };
    std::vector<table> open_;
    std::size_t deeper_ = 0, kept_ = 0;
    std::vector<boundary> found_;
};

} // namespace switchboard::channels::email
