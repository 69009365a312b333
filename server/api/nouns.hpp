#pragma once

#include "api/route_table.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/api/services.hpp>
#include <switchboard/store/configuration.hpp>

namespace switchboard::api {

/// Who may change a noun, who may see it, and what of a form whoever asks may not want.
template <class T>
struct noun_access {
    permission change;
    access see = who::known;
    std::optional<problem> (*judge)(const principal& asker, const patch<T>& form) = nullptr;
    /// Whether the asker may touch the one that is there, and make this of it; nothing: remove it. Asked where it is
    /// locked for that.
    std::optional<refusal> (*guard)(const principal& asker, const T& there, const patch<T>* wanted) = nullptr;

    /// That for one request.
    store::nouns<T>::guard guard_for(const principal& asker, std::optional<patch<T>> wanted = {}) const {
        if (!guard) return {};
        return [ask = guard, asker, wanted = std::move(wanted)](const T& there) {
            return ask(asker, there, wanted ? &*wanted : nullptr);
        };
    }
};

template <class T>
void add_list_route(route_table& table, const std::string& path, access see, const std::string& summary) {
    table.get(path, see, summary, [](call c, query<list_query> q) -> answer<page<T>> {
        const auto part = part_of(*q);
        if (!part) co_return std::unexpected{part.error()};
        auto rows = c.with.configuration.of<T>();
        co_return co_await rows.list(*part);
    });
}

inline std::string with_article(const std::string& noun) {
    return (std::string_view{"aeiou"}.contains(noun.front()) ? "an " : "a ") + noun;
}

/// The five routes of a configuration noun: list, add, one, change with If-Match, delete.
template <class T>
void add_noun_routes(route_table& table, const std::string& path, const std::string& one, const std::string& many,
                     noun_access<T> may) {
    add_list_route<T>(table, path, may.see, "All " + many);
    const auto judge = may.judge;
    table.post(path, may.change, "Add " + with_article(one),
               [judge](call c, create_form<T> form) -> answer<created<T>> {
                   if (auto wrong = judge ? judge(c.asker, *form) : std::nullopt)
                       co_return std::unexpected{std::move(*wrong)};
                   auto rows = c.with.configuration.of<T>();
                   co_return settle_created(co_await rows.create(std::move(*form), c.by(), keep<T>(c, 201)));
               });
    table.get(path + "/{id}", may.see, "One " + one, [](call c) -> answer<T> {
        auto rows = c.with.configuration.of<T>();
        co_return found_or_404(co_await rows.get(c.id()));
    });
    table.patch(path + "/{id}", may.change, "Change " + with_article(one),
                [may](call c, patch_form<T> form, if_match at) -> answer<T> {
                    if (auto wrong = may.judge ? may.judge(c.asker, *form) : std::nullopt)
                        co_return std::unexpected{std::move(*wrong)};
                    auto rows = c.with.configuration.of<T>();
                    auto guard = may.guard_for(c.asker, *form);
                    auto done = co_await rows.change(c.id(), std::move(*form), at.version, c.by(), std::move(guard));
                    co_return co_await settle_change(std::move(done), [&] { return rows.get(c.id()); });
                });
    table.remove(path + "/{id}", may.change, "Delete " + with_article(one) + " that nothing refers to",
                 [may](call c, if_match at) -> answer<nothing> {
                     auto rows = c.with.configuration.of<T>();
                     co_return settle_nothing(co_await rows.remove(c.id(), at.version, c.by(), may.guard_for(c.asker)));
                 });
}

} // namespace switchboard::api
