// The real inputs of the shared corpora through the normalizer: what each folder gives, what differs from the
// expectations that came with it, what it costs. Each folder is read by a process of its own, for its peak memory.

#include "corpora/expectations.hpp"
#include "corpora/large_mails.hpp"
#include "corpora/typical_mails.hpp"

#include <fmt/format.h>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>

namespace {

namespace fs = std::filesystem;
using namespace switchboard;
using corpora::verdict;

struct folder_plan {
    const char* name;
    const char* kind;
    std::vector<std::string> endings; // of the inputs; empty = every file
    std::vector<verdict> (*judge)(const fs::path&) = nullptr;
};

const std::vector<folder_plan> plans{
    {"mikel-mail", "email", {".eml"}},
    {"james-mime4j", "email", {".msg", ".eml"}},
    {"stalwart-mail-parser", "email", {".eml"}},
    {"sisimai", "email", {".eml"}, corpora::judge_sisimai},
    {"discourse-2014", "email", {}},
    {"discourse-email_reply_trimmer", "email", {".eml"}, corpora::judge_reply_trimmer},
    {"mailgun-talon", "email", {".eml"}, corpora::judge_talon},
    {"otobo", "email", {".box", ".eml"}},
    {"rt", "email", {}},
    {"redmine", "email", {".eml"}},
    {"freescout", "email", {".eml"}},
    {"mimekit", "email", {".eml", ".msg", ".txt"}},
    {"nodemailer-mailparser", "email", {".eml"}},
    {"django-anymail", "postmark", {"payload.json", "with-raw.json"}, corpora::judge_webhooks},
    {"sendgrid-inbound", "sendgrid", {"data.txt", "attachments.txt"}},
    {"aws-events", "ses", {".json"}},
    {"freeswitch-cdr", "freeswitch", {".json"}},
    {"asterisk-testsuite", "asterisk", {".csv"}},
    {"fax-image-tiff", "fax", {".tif", ".tiff"}, corpora::judge_fax_pages},
    {"fax-pillow", "fax", {".tif", ".tiff"}, corpora::judge_fax_pages},
    {"fax-pdfjs", "fax", {".pdf"}},
};

bool is_input(const fs::directory_entry& entry, const folder_plan& plan) {
    const auto name = entry.path().filename().string();
    if (!entry.is_regular_file() || name.starts_with("ORIGIN")) return false;
    return plan.endings.empty() ||
           std::ranges::any_of(plan.endings, [&](const std::string& end) { return name.ends_with(end); });
}

struct totals {
    int inputs = 0, contacts = 0, events = 0, quarantined = 0, other = 0;
};

void count(totals& t, const std::vector<normalized_record>& records) {
    for (const auto& record : records) {
        if (const auto* contact = std::get_if<inbound_contact>(&record))
            ++(contact->quarantine.empty() ? t.contacts : t.quarantined);
        else
            ++(std::holds_alternative<contact_event>(record) ? t.events : t.other);
    }
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

long peak_kb() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/// Prints the line of one folder; the number of mismatches is the exit status of its process.
int measure(const fs::path& root, const folder_plan& plan) {
    totals t;
    const long before = peak_kb();
    double spent = 0;
    std::size_t largest = 0;
    for (const auto& entry : fs::recursive_directory_iterator(root / plan.name)) {
        if (!is_input(entry, plan)) continue;
        const auto body = corpora::read_file(entry.path());
        largest = std::max(largest, body.size());
        const auto begin = std::chrono::steady_clock::now();
        count(t, channels::normalize(plan.kind, {}, {.body = body, .content_type = {}, .headers = {}, .query = {}}));
        spent += seconds_since(begin);
        ++t.inputs;
    }
    const double grown_mb = static_cast<double>(peak_kb() - before) / 1024;
    const auto verdicts = plan.judge ? plan.judge(root / plan.name) : std::vector<verdict>{};
    const auto wrong = std::ranges::count_if(verdicts, [](const verdict& v) { return !v.difference.empty(); });
    fmt::print("{:<32} {:<10} {:>6} {:>8} {:>6} {:>11} {:>5} {:>10} {:>8.3f} {:>8.1f} {:>8.1f}\n", plan.name, plan.kind,
               t.inputs, t.contacts, t.events, t.quarantined, t.other,
               plan.judge ? fmt::format("{}/{}", wrong, verdicts.size()) : "-", spent, grown_mb,
               static_cast<double>(largest) / (1 << 20));
    for (const auto& v : verdicts)
        if (!v.difference.empty()) fmt::print("    {}: {}\n", v.input, v.difference);
    std::fflush(stdout);
    return static_cast<int>(std::min<std::ptrdiff_t>(wrong, 100));
}

int in_own_process(const auto& work) {
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const int status = work();
        std::fflush(stdout);
        _exit(status);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status)) return -1;
    return WEXITSTATUS(status);
}

int print_speed() {
    for (const auto& sample : corpora::typical_mails()) {
        constexpr int rounds = 4000;
        std::size_t bytes = 0;
        const auto begin = std::clock();
        for (int i = 0; i < rounds; ++i) {
            const auto& mail = sample.mails[static_cast<std::size_t>(i) % sample.mails.size()];
            bytes += mail.size();
            channels::normalize("email", {}, {.body = mail, .content_type = {}, .headers = {}, .query = {}});
        }
        const double cpu = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
        fmt::print("{:<32} {:>8.0f} mails/s of {} bytes on one core\n", sample.name, rounds / cpu, bytes / rounds);
    }
    return 0;
}

/// A mail of 40 MB of each kind in a process of its own: all of its memory at most, the mail and the program included.
int print_memory() {
    constexpr std::size_t mb = 1u << 20, size = 40 * mb, allowed = 4 * size + 20 * mb;
    int over = 0;
    for (const auto& kind : corpora::large_mails())
        over += in_own_process([&] {
            const auto mail = kind.make(size);
            const bool told = corpora::forget_peak();
            channels::normalize("email", {}, {.body = mail, .content_type = {}, .headers = {}, .query = {}});
            const auto peak = corpora::own_memory("VmHWM");
            const bool good = told && peak <= allowed;
            fmt::print("{:<32} {:>8.1f} MB at most, {:.2f} times the mail of {:.1f} MB{}\n", kind.name,
                       static_cast<double>(peak) / mb, static_cast<double>(peak) / static_cast<double>(mail.size()),
                       static_cast<double>(mail.size()) / mb, good ? "" : "  ** too much");
            return good ? 0 : 1;
        });
    return over;
}

} // namespace

int main(int argc, char** argv) {
    const char* set = std::getenv("SWITCHBOARD_CORPORA");
    const fs::path root = argc > 1 ? argv[1] : set ? set : "../shared/corpora";
    if (!fs::exists(root)) {
        fmt::print(stderr, "no corpora at {}; set SWITCHBOARD_CORPORA\n", root.string());
        return 2;
    }
    fmt::print("{:<32} {:<10} {:>6} {:>8} {:>6} {:>11} {:>5} {:>10} {:>8} {:>8} {:>8}\n", "folder", "kind", "inputs",
               "contacts", "events", "quarantined", "other", "mismatches", "seconds", "peak MB", "largest");
    bool failed = false;
    for (const auto& plan : plans)
        if (fs::exists(root / plan.name)) failed = in_own_process([&] { return measure(root, plan); }) < 0 || failed;
    fmt::print("\n");
    failed = in_own_process(print_speed) != 0 || failed;
    failed = print_memory() != 0 || failed;
    return failed ? 1 : 0;
}
