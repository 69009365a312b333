#include "app/live_simulation.hpp"

#include "app/exit_code.hpp"
#include "app/progress_bar.hpp"
#include "app/with_database.hpp"

#include <switchboard/planning/what_if.hpp>
#include <switchboard/store/traffic.hpp>
#include <switchboard/util/time.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>

namespace switchboard::app {

namespace {

int complain(const std::string& where, const std::vector<routing::config_error>& wrong) {
    for (const auto& e : wrong)
        fmt::print(stderr, "switchboard simulate: {}{}{} {}\n", where, where.empty() ? "" : ": ", e.field, e.message);
    return wrong_use;
}

std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

boost::asio::awaitable<recorded_traffic> load(store::database& db, std::int64_t days, std::string zone) {
    store::traffic rows{db};
    co_return co_await rows.load(days, std::move(zone));
}

} // namespace

int live_simulation_command(const config& c, const live_simulation_arguments& wanted) {
    if (!is_timezone(wanted.time_zone)) return complain("", {{"--time-zone", "is not a time zone"}});
    const auto record = with_database(c, [&](store::database& db) { return load(db, wanted.days, wanted.time_zone); });
    auto as_is = routing::center_of(record);
    if (!wanted.forecast.empty()) {
        auto forecast = routing::with_forecast(std::move(as_is), record, text_of(wanted.forecast));
        if (!forecast) return complain(wanted.forecast, forecast.error());
        as_is = std::move(*forecast);
    }
    what_if changes;
    if (!wanted.what_if.empty()) {
        auto read = routing::parse_what_if(text_of(wanted.what_if), record);
        if (!read) return complain(wanted.what_if, read.error());
        changes = std::move(*read);
    }
    const auto changed = routing::changed(as_is, changes);
    if (!changed) return complain(wanted.what_if, changed.error());

    std::expected<simulation, routing::config_error> done;
    {
        progress_bar bar("simulate");
        routing::compare_options options;
        options.replications = wanted.replications;
        options.seed = wanted.seed;
        options.live_within_s = wanted.within_s;
        options.told = [&](double share) { bar.show(share); };
        done = routing::compare(as_is, *changed, options);
    }
    if (!done) return complain("", {done.error()});
    fmt::print("{}\n", wanted.json ? routing::to_json(*done) : routing::to_text(*done));
    if (wanted.plot.empty()) return success;
    std::ofstream out(wanted.plot, std::ios::binary);
    out << routing::to_svg(*done);
    if (out.flush()) return success;
    fmt::print(stderr, "switchboard simulate: {} cannot be written\n", wanted.plot);
    return failure;
}

} // namespace switchboard::app
