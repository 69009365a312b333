#include "api/tables.hpp"
#include "api/wire/requests.hpp"

#include <switchboard/store/labels.hpp>

namespace switchboard::api {
namespace {

/// The routes of skills and of licences are the same.
template <class T>
void add(routes& table, const services& s, const std::string& path, const std::string& noun) {
    table.get(path, who::agent, "All " + noun + "s", [&s](call, query<list_query> q) -> answer<page<T>> {
        const auto part = part_of(*q);
        if (!part) co_return std::unexpected{part.error()};
        co_return co_await s.labels->list<T>(*part);
    });
    table.post(path, who::admin, "Add a " + noun, [&s](call c, body<name_only> in) -> answer<created<T>> {
        co_return settle_created<T>(co_await s.labels->create<T>(in->name.value, c.asker.user_id, keep<T>(c, 201)));
    });
    table.get(path + "/{id}", who::agent, "One " + noun,
              [&s](call c) -> answer<T> { co_return found_or_404(co_await s.labels->get<T>(c.id())); });
    table.patch(path + "/{id}", who::admin, "Rename a " + noun, [&s](call c, body<name_only> in) -> answer<T> {
        co_return settle<T>(
            co_await s.labels->rename<T>(c.id(), in->name.value, c.expected_version(), c.asker.user_id));
    });
    table.remove(path + "/{id}", who::admin, "Delete a " + noun + " that nobody has or needs",
                 [&s](call c) -> answer<nothing> {
                     co_return settle_nothing<T>(co_await s.labels->remove<T>(c.id(), c.asker.user_id));
                 });
}

} // namespace

void add_label_routes(routes& table, const services& s) {
    add<skill>(table, s, "/api/v1/skills", "skill");
    add<licence>(table, s, "/api/v1/licences", "licence");
}

} // namespace switchboard::api
