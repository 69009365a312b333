#include "store/demo/case_writer.hpp"

#include "store/sql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace switchboard::store::demo {

using nlohmann::json;
using namespace std::chrono_literals;
using std::chrono::days;

namespace {

constexpr std::size_t solved_cases = 150;
constexpr std::size_t days_of_history = 90;
constexpr std::size_t solved_today = 5;

/// Old cases at office hours of their day, the last few in the hours before now.
timestamp moment_of(std::size_t i, timestamp now) {
    if (i + solved_today >= solved_cases) return now - 8h + 75min * static_cast<int>(i + solved_today - solved_cases);
    const auto age = static_cast<int>(days_of_history - i * (days_of_history - 1) / solved_cases);
    const auto minute = static_cast<int>(i * 97 % 540);
    return std::chrono::floor<days>(now) - days{age} + 12h + std::chrono::minutes{minute} +
           std::chrono::seconds{i * 31 % 60};
}

/// Who may have had it: of the queue, with the language; in claims whoever is licensed for the place, if anybody is.
const agent& choose_agent(const center& c, const json& story, const customer& who, std::size_t turn) {
    static const std::map<std::string, std::string> names{
        {"en", "english"}, {"de", "german"}, {"fr", "french"}, {"es", "spanish"}};
    const std::string queue = story.at("queue");
    std::vector<const agent*> fit, licensed;
    for (const auto& a : c.agents) {
        if (std::ranges::find(a.queues, queue) == a.queues.end()) continue;
        if (!a.skills.contains(names.at(story.value("language", "en")))) continue;
        fit.push_back(&a);
        if (std::ranges::find(a.jurisdictions, who.jurisdiction) != a.jurisdictions.end()) licensed.push_back(&a);
    }
    const auto& from = queue == "claims" && !licensed.empty() ? licensed : fit;
    if (from.empty()) throw std::runtime_error{"the demo has nobody for a story of the queue " + queue};
    return *from[turn % from.size()];
}

const customer& customer_named(const center& c, const std::string& name) {
    const auto found = std::ranges::find(c.customers, name, &customer::name);
    if (found == c.customers.end()) throw std::runtime_error{"the demo defines no customer '" + name + "'"};
    return *found;
}

const agent& agent_named(const center& c, const std::string& login) {
    const auto found = std::ranges::find(c.agents, login, &agent::login);
    if (found == c.agents.end()) throw std::runtime_error{"the demo defines no agent '" + login + "'"};
    return *found;
}

void write_solved(case_writer& out, const center& c, const json& stories, timestamp now) {
    std::map<std::string, std::vector<const customer*>> speakers;
    for (const auto& k : c.customers) speakers[k.language].push_back(&k);
    std::map<std::string, std::size_t> told; // stories so far, by language
    for (std::size_t i = 0; i < solved_cases; ++i) {
        const auto& story = stories.at(i * 13 % stories.size());
        const std::string language = story.value("language", "en");
        const auto& those = speakers.at(language);
        const auto& who = *those[told[language]++ % those.size()];
        out.write({.story = &story,
                   .who = &who,
                   .agent = &choose_agent(c, story, who, i / 2),
                   .opened = moment_of(i, now),
                   .held_until = {},
                   .number = i});
    }
}

} // namespace

void write_history(pqxx::transaction_base& tx, const center& to, const json& source, const std::string& fax) {
    const auto now = value_of<timestamp>(tx.exec("SELECT now()"));
    case_writer out{tx, to, fax};
    write_solved(out, to, source.at("story"), now);
    auto number = solved_cases;
    for (const auto& story : source.at("held"))
        out.write({.story = &story,
                   .who = &customer_named(to, story.at("customer")),
                   .agent = &agent_named(to, story.at("agent")),
                   .opened = now - 26h + 40min * static_cast<int>(number - solved_cases),
                   .held_until = now + days{story.at("days").get<int>()},
                   .number = number++});
    for (const auto& story : source.at("waiting"))
        out.write({.story = &story,
                   .who = &customer_named(to, story.at("customer")),
                   .agent = nullptr,
                   .opened = now - std::chrono::minutes{story.at("minutes").get<int>()},
                   .held_until = {},
                   .number = number++});
}

} // namespace switchboard::store::demo
