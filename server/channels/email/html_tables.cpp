#include "channels/email/html_tables.hpp"

#include <utility>

namespace switchboard::channels::email {

void table_cells::begin_table() {
    if (!open_.empty()) open_.back().layout = true;
    if (open_.size() < deepest)
        open_.emplace_back();
    else
        ++deeper_;
}

void table_cells::end_table() {
    if (deeper_ > 0) {
        --deeper_;
        return;
    }
    if (open_.empty()) return;
    end_row();
    const auto closed = std::move(open_.back());
    open_.pop_back();
    if (!closed.layout && closed.rows > 1) found_.insert(found_.end(), closed.cells.begin(), closed.cells.end());
}

void table_cells::end_row() {
    if (open_.empty()) return;
    auto& t = open_.back();
    if (t.in_row > 1) ++t.rows;
    t.in_row = 0;
    t.unfilled = t.cells.size();
}

void table_cells::begin_cell(std::size_t at) {
    if (open_.empty() || deeper_ > 0) return;
    auto& t = open_.back();
    if (t.in_row++ > 0 && kept_ < most_cells) {
        t.cells.push_back({at, false});
        ++kept_;
    }
}

} // namespace switchboard::channels::email
