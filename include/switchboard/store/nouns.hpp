#pragma once

#include <switchboard/model/noun.hpp>
#include <switchboard/model/page.hpp>
#include <switchboard/model/refusal.hpp>
#include <switchboard/store/database.hpp>
#include <switchboard/store/keep.hpp>
#include <switchboard/store/table_of.hpp>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The rows of the configuration's nouns (model/noun.hpp). Columns are found by the members' names.
namespace switchboard::store {

/// Any noun as plain values, compiled once.
class any_nouns {
public:
    any_nouns(database& db, const noun_table& table, noun_judge judge)
        : db_{&db}, table_{&table}, judge_{std::move(judge)} {}

    boost::asio::awaitable<page<datum>> list(page_request part);
    boost::asio::awaitable<datum> get(std::int64_t id); // absent: there is none
    boost::asio::awaitable<std::expected<datum, refusal>> create(datum values, actor by, keep<datum> kept);
    boost::asio::awaitable<std::expected<datum, refusal>>
    change(std::int64_t id, datum values, std::optional<std::int64_t> if_match, actor by, noun_guard guard);
    boost::asio::awaitable<std::expected<datum, refusal>> remove(std::int64_t id, std::optional<std::int64_t> if_match,
                                                                 actor by, noun_guard guard);

private:
    database* db_;
    const noun_table* table_;
    noun_judge judge_;
};

template <described T>
class nouns {
public:
    /// `judge` may be asked on a database thread.
    nouns(database& db, noun_judge judge) : rows_{db, table_of<T>(), std::move(judge)} {}

    using changed = std::expected<T, refusal>;
    /// May be asked on a database thread.
    using guard = std::function<std::optional<refusal>(const T& there)>;

    /// In the order of their table: of their numbers, or by position.
    boost::asio::awaitable<page<T>> list(page_request part) & {
        auto found = co_await rows_.list(part);
        page<T> out{{}, std::move(found.next)};
        for (const auto& row : found.items) out.items.push_back(from_datum<T>(row));
        co_return out;
    }
    boost::asio::awaitable<std::optional<T>> get(std::int64_t id) & {
        const auto row = co_await rows_.get(id);
        co_return row.exists() ? std::optional{from_datum<T>(row)} : std::nullopt;
    }
    /// What is not in the form has its default.
    boost::asio::awaitable<changed> create(patch<T> form, actor by, keep<T> kept = {}) & {
        keep<datum> answer{kept.key, kept.status, {}};
        if (kept.body)
            answer.body = [body = std::move(kept.body)](const datum& row) { return body(from_datum<T>(row)); };
        co_return typed(co_await rows_.create(switchboard::get(form.values), by, std::move(answer)));
    }
    /// `if_match` is the version that whoever changes it has seen; without one, any.
    boost::asio::awaitable<changed> change(std::int64_t id, patch<T> form, std::optional<std::int64_t> if_match,
                                           actor by, guard may = {}) & {
        co_return typed(co_await rows_.change(id, named_values(form), if_match, by, of_datum(std::move(may))));
    }
    /// A conflict when something refers to it.
    boost::asio::awaitable<changed> remove(std::int64_t id, std::optional<std::int64_t> if_match, actor by,
                                           guard may = {}) & {
        co_return typed(co_await rows_.remove(id, if_match, by, of_datum(std::move(may))));
    }

private:
    static noun_guard of_datum(guard may) {
        if (!may) return {};
        return [may = std::move(may)](const datum& there) { return may(from_datum<T>(there)); };
    }
    static changed typed(std::expected<datum, refusal> done) {
        if (!done) return std::unexpected{std::move(done.error())};
        return from_datum<T>(*done);
    }

    any_nouns rows_;
};

/// The rules of another room for one kind of noun.
struct judged_noun {
    const noun_table* noun;
    noun_judge judge;
};

template <described T>
judged_noun judged_by(std::function<std::optional<refusal>(const T& wanted)> judge) {
    return {&table_of<T>(), [judge = std::move(judge)](const datum& wanted) { return judge(from_datum<T>(wanted)); }};
}

/// The nouns of the configuration, each as `of<T>()`.
class configuration {
public:
    explicit configuration(database& db, std::vector<judged_noun> judged = {}) : db_{db}, judged_{std::move(judged)} {}

    template <described T>
    nouns<T> of() {
        const auto own = std::ranges::find(judged_, &table_of<T>(), &judged_noun::noun);
        return {db_, own == judged_.end() ? noun_judge{} : own->judge};
    }

private:
    database& db_;
    std::vector<judged_noun> judged_;
};

/// Compares the declarations with the database: columns, what may be null, the names of enumerations in CHECKs. Throws
/// std::runtime_error with all that differs.
void check_nouns(const std::string& database_url);

} // namespace switchboard::store
