#include "store/demo/parts.hpp"

#include "store/noun_table.hpp"
#include "store/sql.hpp"

#include <switchboard/sla/business_hours.hpp>
#include <switchboard/store/configuration.hpp>
#include <switchboard/util/form.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <stdexcept>

namespace switchboard::store::demo {

using nlohmann::json;
using namespace std::chrono;

namespace {

/// The date of a holiday: `day` of `month`, or its `nth` `weekday` (0 = Sunday), counted from the end if below 0.
year_month_day date_of(const json& holiday, year y) {
    const auto in = y / month{holiday.at("month").get<unsigned>()};
    if (holiday.contains("day")) return in / day{holiday.at("day").get<unsigned>()};
    const weekday w{holiday.at("weekday").get<unsigned>()};
    const auto nth = holiday.at("nth").get<int>();
    return nth < 0 ? year_month_day{sys_days{in / w[last]}}
                   : year_month_day{sys_days{in / w[static_cast<unsigned>(nth)]}};
}

calendar calendar_of(const json& source, year first) {
    calendar out;
    out.name = source.at("name").get<std::string>();
    out.timezone = source.at("timezone").get<std::string>();
    const auto opens = [](const json& h) {
        return opening{h.at("from").get<std::string>(), h.at("to").get<std::string>()};
    };
    for (const auto& h : source.at("hours"))
        for (const std::string name : h.at("days"))
            out.hours.push_back({named_value<week_day>(name).value(), opens(h).from, opens(h).to});
    for (auto y = first; y <= first + years{1}; ++y)
        for (const auto& h : source.at("holidays")) {
            const auto date = date_of(h, y);
            special_day made{
                fmt::format("{:04}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()}),
                h.at("name").get<std::string>(),
                {}};
            if (h.contains("from")) made.hours.push_back(opens(h));
            out.special_days.push_back(std::move(made));
        }
    if (const auto read = sla::business_hours::read(out); !read)
        throw std::runtime_error{
            fmt::format("the demo's calendar {}: {} {}", out.name, read.error().field, read.error().message)};
    return out;
}

} // namespace

ids write_calendars(pqxx::transaction_base& tx, const json& source) {
    const auto now = value_of<timestamp>(tx.exec("SELECT now()"));
    const auto this_year = year_month_day{floor<days>(now)}.year();
    ids out;
    for (const auto& each : source) {
        const auto c = calendar_of(each, this_year);
        out.emplace(c.name, table_of<calendar>().insert(tx, switchboard::get(c))["id"].number);
    }
    return out;
}

void write_targets(pqxx::transaction_base& tx, const center& c, const json& source) {
    for (const auto& t : source) {
        auto wanted = from_own_json(t.dump());
        wanted.set("queue_id", c.queues.at(t.at("queue")).id);
        for (const auto* optional : {"priority", "solution_s"})
            if (!wanted[optional].exists()) wanted.set(optional, nullptr);
        table_of<sla_target>().insert(tx, wanted);
    }
}

} // namespace switchboard::store::demo
