#include <switchboard/util/budget.hpp>

#include <algorithm>
#include <utility>

namespace switchboard {
namespace {

std::optional<std::chrono::seconds> rounded_up(const std::optional<rate_budget::clock::duration>& d) {
    if (!d) return std::nullopt;
    return std::max(std::chrono::seconds{1}, std::chrono::ceil<std::chrono::seconds>(*d));
}

} // namespace

std::optional<rate_budget::clock::duration> rate_budget::bucket::lacks(const rate& r, std::int64_t n,
                                                                       clock::time_point now) const {
    const auto full_again = std::max(full_at_, now) + r.window / r.count * std::min(n, r.count);
    if (full_again <= now + r.window) return std::nullopt;
    return full_again - now - r.window;
}

void rate_budget::bucket::take(const rate& r, std::int64_t n, clock::time_point now) {
    full_at_ = std::min(std::max(full_at_, now) + r.window / r.count * n, now + 2 * r.window);
}

rate_budget::rate_budget(rate each, rate total, time_source now, std::size_t most_keys)
    : each_{each}, total_{total}, now_{std::move(now)}, most_keys_{std::max<std::size_t>(most_keys, 1)} {
    for (auto* r : {&each_, &total_}) r->count = std::max<std::int64_t>(r->count, 1);
}

std::optional<rate_budget::clock::duration> rate_budget::lacks(std::string_view key, std::int64_t n,
                                                               clock::time_point now) const {
    std::optional<clock::duration> own;
    if (const auto found = places_.find(key); found != places_.end()) own = found->second->left.lacks(each_, n, now);
    return std::max(own, all_.lacks(total_, n, now)); // nothing is less than anything
}

rate_budget::bucket& rate_budget::touch(std::string_view key) {
    if (const auto found = places_.find(key); found != places_.end()) {
        by_rest_.splice(by_rest_.begin(), by_rest_, found->second);
        return found->second->left;
    }
    if (places_.size() >= most_keys_) {
        places_.erase(by_rest_.back().key);
        by_rest_.pop_back();
    }
    by_rest_.push_front({std::string{key}, {}});
    places_.emplace(by_rest_.front().key, by_rest_.begin());
    return by_rest_.front().left;
}

std::optional<std::chrono::seconds> rate_budget::take(std::string_view key, std::int64_t n) {
    const auto now = now_();
    const auto missing = lacks(key, n, now);
    if (missing) {
        ++refused_;
        last_refused_ = key;
        return rounded_up(missing);
    }
    touch(key).take(each_, n, now);
    all_.take(total_, n, now);
    return std::nullopt;
}

std::optional<std::chrono::seconds> rate_budget::wait_for(std::string_view key, std::int64_t n) const {
    return rounded_up(lacks(key, n, now_()));
}

void rate_budget::charge(std::string_view key, std::int64_t n) {
    const auto now = now_();
    touch(key).take(each_, n, now);
    all_.take(total_, n, now);
}

void rate_budget::give_back(std::string_view key, std::int64_t n) {
    const auto now = now_();
    if (const auto found = places_.find(key); found != places_.end()) found->second->left.take(each_, -n, now);
    all_.take(total_, -n, now);
}

std::optional<held_budget::share> held_budget::take(std::string_view key, std::size_t n) {
    share mine;
    mine.of_ = this;
    mine.key_ = key;
    if (!mine.resize(n)) return std::nullopt;
    return mine;
}

bool held_budget::change(const std::string& key, std::size_t from, std::size_t to) {
    const auto place = by_key_.try_emplace(key).first;
    auto& own = place->second;
    const bool fits = to <= from || (own - from + to <= bounds_.each && held_ - from + to <= bounds_.total);
    if (fits) {
        own = own - from + to;
        held_ = held_ - from + to;
    } else {
        ++refused_;
        last_refused_ = key;
    }
    if (own == 0) by_key_.erase(place);
    return fits;
}

bool held_budget::share::resize(std::size_t n) {
    if (of_ == nullptr || !of_->change(key_, size_, n)) return false;
    size_ = n;
    return true;
}

void held_budget::share::release() {
    if (of_ != nullptr) of_->change(key_, std::exchange(size_, 0), 0);
    of_ = nullptr;
}

void held_budget::share::swap(share& other) noexcept {
    std::swap(of_, other.of_);
    std::swap(key_, other.key_);
    std::swap(size_, other.size_);
}

} // namespace switchboard
