#include "intake/group_commit.hpp"

#include "intake/plan.hpp"

#include <switchboard/desk/by_itself.hpp>
#include <switchboard/util/hash.hpp>
#include <switchboard/util/log.hpp>
#include <switchboard/util/text.hpp>

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace switchboard::intake {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kept_id_bytes = 512;
constexpr std::size_t most_looked_at = 2000; // of the queue, for what can go now
constexpr std::string_view foreign_key_violation = "23503";

/// The first line of what the database says: those behind it show the row, which is the customer's.
std::string reason_of(const store::refused& refusal) {
    std::string_view said = refusal.what();
    return clean_utf8(trim(said.substr(0, said.find('\n'))));
}

/// A contact that the database does not take, as one that it does: who sent it can still be found in its raw bytes.
std::shared_ptr<store::intake_item> quarantined(const store::intake_item& item, const std::string& reason) {
    const auto& refused = std::get<inbound_contact>(item.record);
    inbound_contact c;
    c.channel = refused.channel;
    c.direction = refused.direction == "out" ? "out" : "in";
    c.external_id = refused.external_id.size() <= kept_id_bytes ? clean_utf8(refused.external_id)
                                                                : "sha256:" + sha256_hex(refused.external_id);
    c.quarantine = "the database refused it: " + reason;
    auto out = std::make_shared<store::intake_item>();
    out->gateway_id = item.gateway_id;
    out->raw = item.raw;
    out->received_at = item.received_at;
    out->mends = item.mends;
    out->record = std::move(c);
    return out;
}

} // namespace

std::vector<std::string> belongings_of(const store::intake_item& item) {
    std::vector<std::string> out;
    const auto add = [&](char kind, std::string_view name) {
        if (!name.empty()) out.emplace_back(1, kind).append(name);
    };
    const auto* event = std::get_if<contact_event>(&item.record);
    if (event != nullptr) add('i', event->of);
    if (event != nullptr && !event->unmatched) return out;
    const auto& c = event != nullptr ? *event->unmatched : std::get<inbound_contact>(item.record);
    add('i', c.external_id);
    add('t', c.thread_key);
    add('p', c.from.value);
    for (const auto& to : c.to)
        if (c.direction == "out") add('p', to.value);
    for (const auto* ids : {&c.mail.in_reply_to, &c.mail.references})
        for (const auto& id : *ids) add('i', id);
    for (const auto ticket : item.reply_tokens) add('n', std::to_string(ticket));
    return out;
}

group_commit::group_commit(asio::any_io_executor where, store::database& db, intake_options how, secret_box box)
    : executor{std::move(where)}, options{how}, store_{db, std::move(box), desk::rules_of_customers()},
      gather_timer_{executor} {}

asio::awaitable<void> group_commit::reload() {
    const auto self = shared_from_this();
    const auto look = ++looks_;
    const auto rows = co_await store_.load_rows();
    if (look < newest_look_) co_return; // one that began later was faster, and knows more
    newest_look_ = look;
    config = std::make_shared<const intake_config>(make_config(rows));
}

void group_commit::enter(input_ptr input) {
    const auto count = input->items.size();
    // One input larger than the bound must have a chance: it may enter an empty queue.
    if (!queue_.empty() &&
        (counts.waiting + count > options.waiting_contacts || queued_bytes_ + input->bytes > options.waiting_bytes))
        throw overloaded{"too many contacts wait for their commit"};
    counts.waiting += count;
    queued_bytes_ += input->bytes;
    queue_.push_back(std::move(input));
    start_groups();
}

bool group_commit::must_wait(const waiting_input& input, const std::set<std::string_view>& passed_over) const {
    return std::ranges::any_of(input.belongs_to, [&](std::string_view what) {
        return in_commit_.contains(what) || passed_over.contains(what);
    });
}

std::vector<input_ptr> group_commit::next_group() {
    std::vector<input_ptr> group;
    std::set<std::string_view> passed_over;
    std::size_t contacts = 0, bytes = 0, looked_at = 0;
    for (auto at = queue_.begin(); at != queue_.end() && ++looked_at <= most_looked_at;) {
        const auto& next = *at;
        if (in_flight_ > 0 && must_wait(*next, passed_over)) {
            passed_over.insert(next->belongs_to.begin(), next->belongs_to.end());
            ++at;
            continue;
        }
        if (!group.empty() &&
            (contacts + next->items.size() > options.group_contacts || bytes + next->bytes > options.group_bytes))
            break;
        contacts += next->items.size();
        bytes += next->bytes;
        group.push_back(std::move(*at));
        at = queue_.erase(at);
    }
    for (const auto& input : group) in_commit_.insert(input->belongs_to.begin(), input->belongs_to.end());
    if (!group.empty()) last_group_ = contacts;
    counts.waiting -= contacts;
    queued_bytes_ -= bytes;
    return group;
}

void group_commit::start_groups() {
    if (gathering_ && counts.waiting < options.group_contacts) return;
    while (in_flight_ < options.commits_in_flight && !queue_.empty()) {
        if (in_flight_ > 0 && counts.waiting < options.flood) return;
        auto group = next_group();
        if (group.empty()) return; // all of it waits for what is under way
        ++in_flight_;
        asio::co_spawn(executor, run(std::move(group)), [self = shared_from_this()](std::exception_ptr error) {
            --self->in_flight_;
            if (error) log::error("intake_group_lost"); // run() has told the waiting; only memory can fail here
            if (self->last_group_ >= self->options.flood && self->in_flight_ == 0) self->gather();
            self->start_groups();
        });
    }
}

void group_commit::gather() {
    gathering_ = true;
    gather_timer_.expires_after(options.gather);
    gather_timer_.async_wait([self = shared_from_this()](boost::system::error_code replaced) {
        if (replaced) return; // a later commit gathers anew
        self->gathering_ = false;
        self->start_groups();
    });
}

asio::awaitable<void> group_commit::run(std::vector<input_ptr> group) {
    const auto self = shared_from_this();
    items all;
    for (const auto& input : group) all.insert(all.end(), input->items.begin(), input->items.end());
    std::vector<receipt> receipts;
    std::exception_ptr error;
    try {
        receipts = co_await commit_or_split(std::move(all), false);
    } catch (...) {
        error = std::current_exception();
    }
    auto next = receipts.begin();
    for (const auto& input : group) {
        const auto count = static_cast<std::ptrdiff_t>(input->items.size());
        if (error) {
            input->error = error;
            counts.failed += input->items.size();
        } else {
            input->receipts.assign(std::make_move_iterator(next), std::make_move_iterator(next + count));
            next += count;
            // A receipt without an outcome: that item alone was not taken.
            if (std::ranges::any_of(input->receipts, [](const auto& r) { return r.outcome.empty(); }))
                input->error = std::make_exception_ptr(store::unavailable{"the contact could not be kept"});
        }
        for (std::string_view what : input->belongs_to) in_commit_.erase(in_commit_.find(what));
        input->done = true;
        input->bell.cancel();
    }
}

asio::awaitable<store::intake_done> group_commit::commit(const items& some) {
    // The transaction works on its own picture of both: a reload in between changes nothing for it.
    const auto picture = config;
    const auto group = std::make_shared<const store::intake_group>(some.begin(), some.end());
    auto questions = questions_of(*group, *picture);
    store::intake_store::planner planner = [group, picture](const store::intake_answers& answers) {
        return plan(*group, *picture, answers);
    };
    auto done = co_await store_.commit(std::move(questions), std::move(planner));
    ++counts.commits;
    for (const auto& r : done.receipts) {
        ++(r.duplicate ? counts.duplicates : counts.contacts);
        if (!r.duplicate && r.outcome == "quarantined") ++counts.quarantined;
    }
    if (after_commit) after_commit(done);
    co_return done;
}

asio::awaitable<std::vector<receipt>> group_commit::commit_or_split(items some, bool fresh_config) {
    std::optional<store::refused> refusal;
    try {
        auto done = co_await commit(some);
        co_return std::move(done.receipts);
    } catch (const store::refused& e) {
        refusal = e;
    }
    if (refusal->sqlstate == foreign_key_violation && !fresh_config) {
        co_await reload(); // a queue that a rule names may be gone since
        auto again = co_await commit_or_split(std::move(some), true);
        co_return again;
    }
    if (some.size() == 1) {
        const auto& item = *some.front();
        log::error("contact_refused", {{"gateway", item.gateway_id}, {"reason", reason_of(*refusal)}});
        const auto* contact = std::get_if<inbound_contact>(&item.record);
        if (contact == nullptr || !contact->quarantine.empty()) {
            ++counts.failed;
            co_return std::vector<receipt>(1); // nothing more can be done but ask the sender to keep it
        }
        items substitute{quarantined(item, reason_of(*refusal))};
        auto last = co_await commit_or_split(std::move(substitute), true);
        co_return last;
    }
    const auto middle = some.begin() + static_cast<std::ptrdiff_t>(some.size() / 2);
    items first{some.begin(), middle}, second{middle, some.end()};
    auto receipts = co_await commit_or_split(std::move(first), fresh_config);
    auto rest = co_await commit_or_split(std::move(second), fresh_config);
    receipts.insert(receipts.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
    co_return receipts;
}

} // namespace switchboard::intake
