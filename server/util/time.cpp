#include <switchboard/util/time.hpp>

#include <date/tz.h>
#include <fmt/format.h>

#include <atomic>
#include <sstream>
#include <stdexcept>

namespace switchboard {
namespace {

namespace chrono = std::chrono;

/// Reads fixed-width fields one after the other; the first that does not fit makes all the rest fail.
class field_reader {
public:
    explicit field_reader(std::string_view text) : rest_{text} {}

    int digits(std::size_t count) {
        int value = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') return fail();
            value = value * 10 + (rest_.front() - '0');
            rest_.remove_prefix(1);
        }
        return value;
    }

    char one_of(std::string_view allowed) {
        if (rest_.empty() || !allowed.contains(rest_.front())) return static_cast<char>(fail());
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    /// ".25" as microseconds, digits past the sixth cut; nothing there is zero.
    chrono::microseconds fraction() {
        if (!rest_.starts_with('.')) return {};
        rest_.remove_prefix(1);
        std::int64_t value = 0, scale = 100'000;
        if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9') fail();
        for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; rest_.remove_prefix(1), scale /= 10)
            value += (rest_.front() - '0') * scale;
        return chrono::microseconds{value};
    }

    bool good() const { return good_; }
    bool at_end() const { return good_ && rest_.empty(); }

private:
    int fail() {
        good_ = false;
        rest_ = {};
        return 0;
    }

    std::string_view rest_;
    bool good_ = true;
};

/// "YYYY-MM-DD", a separator, "HH:MM:SS" and a fraction, as time since 1970 on the writer's clock.
std::optional<chrono::microseconds> read_date_time(field_reader& in, std::string_view dashes,
                                                   std::string_view separators) {
    const chrono::year year{in.digits(4)};
    in.one_of(dashes);
    const chrono::month month{static_cast<unsigned>(in.digits(2))};
    in.one_of(dashes);
    const chrono::day day{static_cast<unsigned>(in.digits(2))};
    in.one_of(separators);
    const chrono::hours hour{in.digits(2)};
    in.one_of(":");
    const chrono::minutes minute{in.digits(2)};
    in.one_of(":");
    const chrono::seconds second{in.digits(2)};
    const auto fraction = in.fraction();
    const chrono::year_month_day ymd{year, month, day};
    // RFC 3339 allows :60 for a leap second; it is the first moment of the next minute for us.
    if (!in.good() || !ymd.ok() || hour.count() > 23 || minute.count() > 59 || second.count() > 60) return std::nullopt;
    return chrono::sys_days{ymd}.time_since_epoch() + hour + minute + second + fraction;
}

std::optional<chrono::microseconds> read_default(std::string_view text) {
    field_reader in{text};
    const auto local = read_date_time(in, "-/", " T");
    return local && in.at_end() ? local : std::nullopt;
}

std::optional<chrono::microseconds> read_formatted(std::string_view text, const std::string& format) {
    std::istringstream in{std::string{text}};
    date::local_time<chrono::microseconds> local;
    date::from_stream(in, format.c_str(), local);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    return local.time_since_epoch();
}

const date::time_zone* find_zone(std::string_view name) {
    // locate_zone takes the name as a path below the zone folder.
    if (name.empty() || name.contains("..") || name.front() == '/') return nullptr;
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {
        return nullptr;
    }
}

chrono::microseconds steady_time() {
    return chrono::floor<chrono::microseconds>(chrono::steady_clock::now().time_since_epoch());
}

std::atomic<chrono::microseconds>& ahead_of_steady() {
    static std::atomic<chrono::microseconds> ahead{machine_now().time_since_epoch() - steady_time()};
    return ahead;
}

} // namespace

timestamp machine_now() {
    return chrono::floor<chrono::microseconds>(chrono::system_clock::now());
}

timestamp now() {
    return timestamp{ahead_of_steady().load(std::memory_order_relaxed) + steady_time()};
}

void set_now(timestamp t) {
    ahead_of_steady().store(t.time_since_epoch() - steady_time(), std::memory_order_relaxed);
}

std::string to_rfc3339(timestamp t) {
    const auto day = chrono::floor<chrono::days>(t);
    const chrono::year_month_day ymd{day};
    const chrono::hh_mm_ss time{t - day};
    auto out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(ymd.year()),
                           static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()), time.hours().count(),
                           time.minutes().count(), time.seconds().count());
    if (const auto fraction = time.subseconds().count(); fraction != 0) out += fmt::format(".{:06}", fraction);
    return out + 'Z';
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
    field_reader in{text};
    const auto local = read_date_time(in, "-", "Tt ");
    if (!local) return std::nullopt;
    chrono::minutes offset{0};
    const char sign = in.one_of("Zz+-");
    if (sign == '+' || sign == '-') {
        const int hours = in.digits(2);
        in.one_of(":");
        const int minutes = in.digits(2);
        if (hours > 23 || minutes > 59) return std::nullopt;
        offset = chrono::minutes{(sign == '+' ? 1 : -1) * (hours * 60 + minutes)};
    }
    if (!in.at_end()) return std::nullopt;
    return timestamp{*local - offset};
}

std::optional<timestamp> parse_local(std::string_view text, std::string_view iana_zone, const std::string& format,
                                     std::optional<timestamp> not_before) {
    const auto local = format.empty() ? read_default(text) : read_formatted(text, format);
    const auto* zone = find_zone(iana_zone);
    if (!local || !zone) return std::nullopt;
    const auto first = zone->to_sys(date::local_time<chrono::microseconds>{*local}, date::choose::earliest);
    if (!not_before || first >= *not_before) return first;
    return zone->to_sys(date::local_time<chrono::microseconds>{*local}, date::choose::latest);
}

timestamp later_on_the_wall(timestamp t, int months, int days, std::string_view iana_zone) {
    const auto* zone = find_zone(iana_zone);
    if (zone == nullptr) zone = date::locate_zone("UTC");
    const auto local = zone->to_local(t);
    const auto day = date::floor<date::days>(local);
    auto ymd = date::year_month_day{day} + date::months{months};
    if (!ymd.ok()) ymd = ymd.year() / ymd.month() / date::last;
    const auto later = date::local_days{ymd} + date::days{days} + (local - day);
    return zone->to_sys(later, date::choose::earliest);
}

bool is_time_format(const std::string& format) {
    constexpr std::size_t longest = 60;
    if (format.empty() || format.size() > longest) return false;
    constexpr auto sample =
        date::local_days{date::year{2026} / 11 / 27} + chrono::hours{18} + chrono::minutes{27} + chrono::seconds{36};
    std::ostringstream out;
    date::to_stream(out, format.c_str(), sample);
    return out && read_formatted(out.str(), format) == sample.time_since_epoch();
}

bool is_timezone(std::string_view iana_zone) {
    return find_zone(iana_zone) != nullptr;
}

} // namespace switchboard
