#include "theory/exact/markov_chain.hpp"
#include "theory/exact/pool.hpp"
#include "theory/report.hpp"

#include <fmt/format.h>

#include <cmath>

namespace switchboard::theory {

namespace {

using routing::class_figures;

constexpr double per_hour = 3600;
constexpr double rate = 200 / per_hour, handle_s = 180, within_s = 20;
constexpr int agents = 14;

routing::scenario calls_and_mail(int threshold) {
    auto s = one_pool(rate, handle_s, agents);
    s.service_level_s = within_s;
    s.idle_reserve = threshold;
    s.classes.push_back({.name = "mail",
                         .channel = routing::channel::email,
                         .endless = true,
                         .handle = {.mean = handle_s},
                         .interruptible = false});
    return s;
}

struct blended {
    double p_wait, service_level, mails_per_hour;
};

/// Endless mail, equal rates: at most `threshold` agents are idle, so all that can be told apart is how many are, or
/// how many calls wait.
blended law_of_blending(int threshold) {
    const double mu = 1 / handle_s, full = agents * mu, load = rate / full;
    double chance = 1, norm = 0, none_idle = 0; // from all of the threshold idle down to none
    for (int idle = threshold; idle >= 0; --idle) {
        norm += idle > 0 ? chance : chance / (1 - load);
        none_idle = chance / (1 - load);
        chance *= rate / ((agents - idle + 1) * mu);
    }
    double p_at_threshold = 1 / norm;
    if (threshold == 0) p_at_threshold = 1; // whoever ends takes a call if one waits, else a mail
    blended b{};
    b.p_wait = none_idle / norm;
    b.service_level = 1 - b.p_wait * std::exp(-(full - rate) * within_s);
    // A mail is begun where somebody ends while the most allowed are idle already and no call waits.
    const double nobody_waits = threshold == 0 ? 1 - load : 1;
    b.mails_per_hour = p_at_threshold * nobody_waits * (agents - threshold) * mu * per_hour;
    return b;
}

void mail_arrives(report& r) {
    r.section("Blending, mail arrives: 5 agents, 2 calls and .6 mails of twice their length a second, threshold 1");
    constexpr int n = 5, threshold = 1, most = 120;
    constexpr double calls_rate = 2, mails = .6, call_end = 1, mail_end = .5;
    auto s = one_pool(calls_rate, 1, n);
    s.idle_reserve = threshold;
    s.service_level_s = .2;
    s.classes.push_back({.name = "mail",
                         .channel = routing::channel::email,
                         .gap = {.mean = 1 / mails},
                         .handle = {.mean = 1 / mail_end},
                         .interruptible = false});
    const auto result = r.run(finish(s, 1e5));

    using state = std::array<int, 4>; // calls and mails in hand, calls and mails waiting
    const auto law = stationary_law<state>({0, 0, 0, 0}, [&](const state& at, auto&& go) {
        const auto [c, m, cw, mw] = at;
        const auto settled = [&](int c1, int m1, int cw1, int mw1) {
            while (c1 + m1 < n && cw1 > 0) ++c1, --cw1;
            while (n - c1 - m1 > threshold && mw1 > 0) ++m1, --mw1;
            return state{c1, m1, cw1, mw1};
        };
        if (cw < most / 3) go(settled(c, m, cw + 1, mw), calls_rate);
        if (mw < most) go(settled(c, m, cw, mw + 1), mails);
        if (c > 0) go(settled(c - 1, m, cw, mw), c * call_end);
        if (m > 0) go(settled(c, m - 1, cw, mw), m * mail_end);
    });
    r.exact("P(wait) of calls", mean_of(law, [](const state& x) { return x[0] + x[1] == n; }),
            of_class(result, 0, &class_figures::p_wait));
    r.exact("mean wait of calls", mean_of(law, [](const state& x) { return x[2]; }) / calls_rate,
            of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("P(wait) of mail", mean_of(law, [](const state& x) { return n - x[0] - x[1] <= threshold; }),
            of_class(result, 1, &class_figures::p_wait));
    r.exact("mean wait of mail", mean_of(law, [](const state& x) { return x[3]; }) / mails,
            of_class(result, 1, &class_figures::mean_wait_s));
}

} // namespace

void blending_cases(report& r) {
    struct printed_row {
        int threshold;
        double p_wait, service_level, mails;
    };
    for (const auto& [threshold, p_wait, service_level, mails] :
         {printed_row{0, 1, .359, 80.0}, printed_row{2, .5208, .666, 65.0}, printed_row{1, 0, 0, 0},
          printed_row{5, 0, 0, 0}}) {
        r.section(fmt::format("Blending: C1 with endless mail while more than {} agents are idle", threshold));
        const auto result = r.run(finish(calls_and_mail(threshold), 1e6));
        const auto law = law_of_blending(threshold);
        if (p_wait > 0) {
            r.printed("P(wait)", law.p_wait, p_wait, 4);
            r.printed("service level", law.service_level, service_level, 3);
            r.printed("mails an hour", law.mails_per_hour, mails, 1);
        }
        if (threshold > 0)
            r.exact("P(wait)", law.p_wait, of_class(result, 0, &class_figures::p_wait));
        else
            r.at_least("P(wait)", 1, of_class(result, 0, &class_figures::p_wait));
        r.exact("service level", law.service_level, of_class(result, 0, &class_figures::service_level));
        r.exact("mails an hour", law.mails_per_hour,
                scaled(of_class(result, 1, &class_figures::served_per_s), per_hour));
    }

    r.section("Blending: C1 with endless interruptible mail is C1 for callers");
    auto s = calls_and_mail(0);
    s.classes[1].interruptible = true;
    const auto result = r.run(finish(s, 8e6));
    const auto c1 = *routing::erlang_c({rate, handle_s}, agents, within_s);
    r.exact("P(wait)", c1.p_wait, of_class(result, 0, &class_figures::p_wait));
    r.exact("mean wait, s", c1.mean_wait_s, of_class(result, 0, &class_figures::mean_wait_s));
    r.exact("service level", c1.service_level, of_class(result, 0, &class_figures::service_level));
    r.exact("mails an hour", (agents / handle_s - rate) * per_hour,
            scaled(of_class(result, 1, &class_figures::served_per_s), per_hour));
    mail_arrives(r);
}

} // namespace switchboard::theory
