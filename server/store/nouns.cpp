#include <switchboard/store/nouns.hpp>

#include "store/declared_checks.hpp"
#include "store/directory/rows.hpp"
#include "store/noun_change.hpp"
#include "store/once.hpp"
#include "store/run.hpp"

#include <stdexcept>

namespace switchboard::store {
namespace {

using changed = std::expected<datum, refusal>;

} // namespace

boost::asio::awaitable<page<datum>> any_nouns::list(page_request part) {
    return run(*db_, [part, &table = *table_](pqxx::connection& c) {
        pqxx::work tx{c};
        page<datum> out{table.list(tx, part.after, part.limit + 1), {}};
        if (std::ssize(out.items) > part.limit) { // one more was asked for, to know whether there is more
            out.items.pop_back();
            out.next = std::to_string(table.cursor_behind(out.items.back()));
        }
        return out;
    });
}

boost::asio::awaitable<datum> any_nouns::get(std::int64_t id) {
    return run(*db_, [id, &table = *table_](pqxx::connection& c) {
        pqxx::work tx{c};
        return table.find(tx, id);
    });
}

boost::asio::awaitable<changed> any_nouns::create(datum values, actor by, keep<datum> kept) {
    return run(*db_, [values = std::move(values), by, kept = std::move(kept), &table = *table_,
                      judge = judge_](pqxx::connection& c) mutable {
        return told<datum>([&]() -> changed {
            once<datum> work{c, kept};
            audit_notes notes{by};
            auto made = add_noun(work.tx, table, std::move(values), notes, judge);
            if (!made) return made;
            work.commit(*made);
            notes.tell();
            return made;
        });
    });
}

boost::asio::awaitable<changed> any_nouns::change(std::int64_t id, datum values, std::optional<std::int64_t> if_match,
                                                  actor by, noun_guard guard) {
    return run(*db_, [id, values = std::move(values), if_match, by, &table = *table_, judge = judge_,
                      guard = std::move(guard)](pqxx::connection& c) {
        return told<datum>([&]() -> changed {
            pqxx::work tx{c};
            if (guard)
                if (const auto there = table.find(tx, id, true); there.exists())
                    if (auto wrong = guard(there)) return std::unexpected{std::move(*wrong)};
            audit_notes notes{by};
            auto done = change_noun(tx, table, id, values, if_match, notes, judge);
            if (!done) return std::unexpected{std::move(done.error())};
            tx.commit();
            notes.tell();
            return std::move(done->after);
        });
    });
}

boost::asio::awaitable<changed> any_nouns::remove(std::int64_t id, std::optional<std::int64_t> if_match, actor by,
                                                  noun_guard guard) {
    return run(*db_, [id, if_match, by, &table = *table_, guard = std::move(guard)](pqxx::connection& c) -> changed {
        try {
            pqxx::work tx{c};
            auto before = table.find(tx, id, true);
            if (!before.exists()) return std::unexpected{refusal::missing()};
            if (guard)
                if (auto wrong = guard(before)) return std::unexpected{std::move(*wrong)};
            if (if_match && *if_match != before["version"].number) return std::unexpected{refusal::stale()};
            for (const auto* other : all_noun_tables())
                if (other->refers_to(tx, table.table, id))
                    return std::unexpected{refusal::conflict("a " + other->noun + " refers to it")};
            if (table.rules.may_go)
                if (auto wrong = table.rules.may_go(tx, id)) return std::unexpected{std::move(*wrong)};
            table.remove(tx, id);
            audit_notes notes{by};
            noun_changed(tx, table, notes, before, {});
            tx.commit();
            notes.tell();
            return before;
        } catch (const pqxx::foreign_key_violation&) {
            return std::unexpected{refusal::conflict("it is in use")};
        }
    });
}

void check_nouns(const std::string& database_url) {
    const auto c = connect(database_url);
    pqxx::work tx{*c};
    std::string wrong;
    std::vector<std::string> names;
    for (const auto* table : all_noun_tables()) {
        wrong += table->differences(tx);
        names.push_back(table->table);
    }
    wrong += check_differences(tx, names);
    if (!wrong.empty()) throw std::runtime_error{"the database does not fit this program:" + wrong};
}

} // namespace switchboard::store
