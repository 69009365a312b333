#pragma once

#include "api/route_table.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/store/configuration.hpp>

namespace switchboard::api {

/// Who may see a noun, and who may change it.
struct noun_access {
    who see = who::agent;
    who change = who::admin;
};

/// The five routes of a configuration noun: list, add, one, change with If-Match, delete.
template <class T>
void add_noun_routes(route_table& table, const std::string& path, const std::string& one, const std::string& many,
                     noun_access may = {}) {
    table.get(path, may.see, "All " + many, [](call c, query<list_query> q) -> answer<page<T>> {
        const auto part = part_of(*q);
        if (!part) co_return std::unexpected{part.error()};
        co_return co_await c.with.configuration.of<T>().list(*part);
    });
    table.post(path, may.change, "Add a " + one, [](call c, create_form<T> form) -> answer<created<T>> {
        co_return settle_created(
            co_await c.with.configuration.of<T>().create(std::move(*form), c.asker.user_id, keep<T>(c, 201)));
    });
    table.get(path + "/{id}", may.see, "One " + one,
              [](call c) -> answer<T> { co_return found_or_404(co_await c.with.configuration.of<T>().get(c.id())); });
    table.patch(path + "/{id}", may.change, "Change a " + one,
                [](call c, patch_form<T> form, if_match at) -> answer<T> {
                    auto rows = c.with.configuration.of<T>(); // lives as long as what is read of it
                    auto done = co_await rows.change(c.id(), std::move(*form), at.version, c.asker.user_id);
                    co_return co_await settle_change(std::move(done), [&] { return rows.get(c.id()); });
                });
    table.remove(path + "/{id}", may.change, "Delete a " + one + " that nothing refers to",
                 [](call c) -> answer<nothing> {
                     co_return settle_nothing(co_await c.with.configuration.of<T>().remove(c.id(), c.asker.user_id));
                 });
}

} // namespace switchboard::api
