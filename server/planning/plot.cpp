#include <switchboard/planning/what_if.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace switchboard::routing {

namespace {

constexpr double left = 64, right = 700, height = 190, gap = 70, top = 56;

struct curve {
    const simulated_world& world;
    const char* style; // class of its line and band
};

using member = simulated_figure simulated_hour::*;

double x_of(double hour) {
    return left + (right - left) * (hour + 0.5) / 24;
}

/// 1, 2 or 5 times a power of ten, at least `value`.
double round_up(double value) {
    const double power = std::pow(10, std::floor(std::log10(std::max(value, 1e-3))));
    for (const double step : {1.0, 2.0, 5.0})
        if (value <= step * power) return step * power;
    return 10 * power;
}

class panel {
public:
    panel(std::string& out, double from_y, double most) : out_{out}, y_{from_y}, most_{most} {}

    void axes(const char* title, const char* unit) {
        put(R"(<text class="t" x="{}" y="{}">{}</text>)", left, y_ - 12, title);
        for (int i = 0; i <= 4; ++i) {
            const double value = most_ * i / 4;
            put(R"(<line class="g" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>)", left, right, at(value), at(value));
            put(R"(<text class="a" x="{}" y="{:.1f}" text-anchor="end">{:.4g}{}</text>)", left - 8, at(value) + 4,
                value, unit);
        }
        for (int h = 0; h < 24; h += 3)
            put(R"(<text class="a" x="{:.1f}" y="{:.1f}" text-anchor="middle">{:02}</text>)", x_of(h), y_ + height + 18,
                h);
    }

    void draw(const curve& c, member value, double unit) {
        std::string line;
        double last = -2;
        for (const auto& h : c.world.hours) {
            const auto& f = h.*value;
            if (!f.mean) continue;
            const auto hour = static_cast<double>(h.hour);
            line += fmt::format("{}{:.1f},{:.1f} ", hour == last + 1 ? "L" : "M", x_of(hour), at(unit * *f.mean));
            last = hour;
            if (!f.low) continue;
            band(c, hour, unit * *f.low, unit * *f.high);
        }
        put(R"(<path class="{} l" d="{}"/>)", c.style, line);
    }

private:
    template <class... A>
    void put(fmt::format_string<A...> text, A&&... values) {
        fmt::format_to(std::back_inserter(out_), text, std::forward<A>(values)...);
        out_ += '\n';
    }

    /// As wide as the hour.
    void band(const curve& c, double hour, double low, double high) {
        const double y = at(high), wide = (right - left) / 24;
        put(R"(<rect class="{} b" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", c.style,
            x_of(hour) - wide / 2, y, wide, std::max(1.0, at(low) - y));
    }

    [[nodiscard]] double at(double value) const { return y_ + height * (1 - std::clamp(value / most_, 0.0, 1.0)); }

    std::string& out_;
    double y_, most_;
};

double highest(const simulation& s, member value) {
    double most = 0;
    for (const auto* w : {&s.as_is, &s.changed})
        for (const auto& h : w->hours)
            most = std::max({most, (h.*value).mean.value_or(0), (h.*value).high.value_or(0)});
    return most;
}

constexpr std::string_view head =
    R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 560" font-family="system-ui, sans-serif" font-size="12">
<style>
:root { color-scheme: light dark }
.p { fill: #fff } .t { font-weight: 600; fill: #1b1f24 } .a { fill: #57606a } .g { stroke: #d8dee4 }
.l { fill: none; stroke-width: 2; stroke-linejoin: round } .b { opacity: .22 }
.now.l { stroke: #57606a; stroke-dasharray: 5 3 } .now.b { fill: #57606a } .then.l { stroke: #0b6bcb } .then.b { fill: #0b6bcb }
@media (prefers-color-scheme: dark) {
.p { fill: #16191d } .t { fill: #e6eaef } .a { fill: #9aa4af } .g { stroke: #2d333b }
.now.l { stroke: #9aa4af } .now.b { fill: #9aa4af } .then.l { stroke: #5ab0ff } .then.b { fill: #5ab0ff } }
</style>
<rect class="p" width="720" height="560"/>
<path class="now l" d="M64,20 h28"/><text class="a" x="98" y="24">as it is</text>
<path class="then l" d="M180,20 h28"/><text class="a" x="214" y="24">what if</text>
<text class="a" x="300" y="24">band: 95 % interval</text>
)";

} // namespace

std::string to_svg(const simulation& s) {
    std::string out{head};
    const std::array curves{curve{s.as_is, "now"}, curve{s.changed, "then"}};
    panel level{out, top + 8, 100};
    level.axes("Answered in time, by hour of the day", " %");
    for (const auto& c : curves) level.draw(c, &simulated_hour::service_level, 100);
    panel wait{out, top + 8 + height + gap, round_up(highest(s, &simulated_hour::mean_wait_s))};
    wait.axes("Mean wait, by hour of the day", " s");
    for (const auto& c : curves) wait.draw(c, &simulated_hour::mean_wait_s, 1);
    return out + "</svg>\n";
}

} // namespace switchboard::routing
