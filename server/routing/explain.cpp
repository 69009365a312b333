#include "routing/explain.hpp"

#include <switchboard/util/time.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard::routing {

namespace asio = boost::asio;

namespace {

constexpr std::size_t named_at_most = 20; // of each list of agents

std::vector<std::int64_t> agents_of(const std::vector<routing_decision>& decisions,
                                    const std::optional<explanation>& why) {
    auto ids = agents_in(decisions);
    if (why) {
        for (const auto* list : {&why->could, &why->almost})
            for (std::size_t i = 0; i < std::min(named_at_most, list->size()); ++i) ids.insert((*list)[i].agent);
        if (why->held_for) ids.insert(*why->held_for);
    }
    return {ids.begin(), ids.end()};
}

} // namespace

asio::awaitable<std::optional<routing_explanation>> explain(store::routing& rows, std::int64_t ticket, live_view live,
                                                            const engine_settings& settings) {
    auto h = co_await rows.load_history(ticket);
    if (!h) co_return std::nullopt;
    auto seen = live(ticket);
    std::string source = "live";
    if (!seen && h->state == "waiting") {
        source = "database";
        auto around = co_await rows.load_around(ticket);
        seen.emplace(explain_from(around, now(), settings), std::move(around.configuration.queues));
    } else if (!seen) {
        seen.emplace(std::nullopt, (co_await rows.load_configuration()).queues);
    }
    const auto& [why, queues] = *seen;
    std::vector<queue_step> steps;
    if (const auto q = std::ranges::find(queues, h->queue, [](const auto& one) -> std::int64_t { return one.id; });
        q != queues.end())
        steps = q->steps;
    const auto ids = agents_of(h->decisions, why);
    const agents_known known{co_await rows.names(ids), co_await rows.hands(ids)};

    routing_explanation out;
    for (auto& d : h->decisions) {
        d.words = words_of(d, *h, steps, known.names);
        out.words.push_back(d.words);
        out.decisions.push_back(std::move(d));
    }
    if (why) {
        out.waiting = to_reasons(*why, known, *h, steps, std::move(source), now());
        auto more = words_of(*out.waiting, *h, now());
        std::ranges::move(more, std::back_inserter(out.words));
    }
    co_return out;
}

asio::awaitable<std::optional<std::vector<agent_standing>>> explain_agents(store::routing& rows, std::int64_t ticket,
                                                                           const engine_settings& settings) {
    const auto h = co_await rows.load_history(ticket);
    if (!h) co_return std::nullopt;
    auto around = co_await rows.load_around(ticket, store::who_is_around::everybody);
    const auto why = explain_by_hand(std::move(around), now(), settings);
    if (!why) co_return std::vector<agent_standing>{};
    std::vector<std::int64_t> ids;
    for (const auto* list : {&why->could, &why->almost, &why->others})
        for (const auto& a : *list) ids.push_back(a.agent);
    co_return standings(*why, {co_await rows.names(ids), co_await rows.hands(ids)}, *h);
}

asio::awaitable<std::optional<queue_check>> check(store::routing& rows, std::int64_t queue,
                                                  std::optional<std::vector<std::int64_t>> members,
                                                  std::optional<std::vector<queue_step>> steps,
                                                  const engine_settings& settings) {
    std::vector<std::int64_t> added;
    if (steps)
        for (const auto& s : *steps)
            for (const auto& c : s.changes)
                if (c.what == step_kind::add_queue && c.queue_id) added.push_back(*c.queue_id);
    auto kinds = co_await rows.load_kinds(queue, std::move(members), std::move(added));
    if (!kinds) co_return std::nullopt;
    co_return check(std::move(*kinds), queue, steps, now(), settings);
}

} // namespace switchboard::routing
