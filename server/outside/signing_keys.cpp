#include <switchboard/outside/signing_keys.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace switchboard::outside {

namespace asio = boost::asio;

struct signing_keys::flight {
    explicit flight(const asio::any_io_executor& executor) : landed{executor, asio::steady_timer::time_point::max()} {}
    asio::steady_timer landed; // cancelled when there is an outcome
    bool over = false;
    fetched outcome;
};

signing_keys::signing_keys(asio::any_io_executor executor, fetcher fetch, std::function<time()> clock)
    : executor_{std::move(executor)}, fetch_{std::move(fetch)}, clock_{std::move(clock)} {}

signing_keys::~signing_keys() = default;

asio::awaitable<fetched> signing_keys::get(std::string url) {
    if (const auto k = known_.find(url); k != known_.end() && k->second.until > clock_()) co_return k->second.pem;
    if (const auto other = under_way_.find(url); other != under_way_.end()) {
        const auto f = other->second;
        boost::system::error_code cancelled; // which is how the first tells
        while (!f->over) co_await f->landed.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
        co_return f->outcome;
    }
    const auto f = std::make_shared<flight>(executor_);
    under_way_.emplace(url, f);
    std::exception_ptr fault;
    try {
        f->outcome = co_await fetch(url);
    } catch (const std::exception& e) {
        f->outcome = std::unexpected{not_fetched{e.what()}};
        fault = std::current_exception();
    }
    f->over = true;
    f->landed.cancel();
    under_way_.erase(url);
    if (fault) std::rethrow_exception(fault);
    co_return f->outcome;
}

asio::awaitable<fetched> signing_keys::fetch(std::string url) {
    const auto pem = co_await fetch_(url);
    // Even "not there" may be a sick server's or a proxy's word: whoever asked repeats.
    if (!pem) co_return std::unexpected{not_fetched{pem.error().reason, false}};
    const auto host = std::string_view{url}.substr(0, url.find('/', 8)).substr(8); // behind https://
    auto k = read_signing_certificate(*pem, host, clock_());
    if (!k) co_return std::unexpected{std::move(k.error())};
    auto out = k->pem;
    remember(url, std::move(*k));
    co_return out;
}

void signing_keys::remember(const std::string& url, signing_key k) {
    k.until = std::min(k.until, clock_() + std::chrono::days{1});
    if (known_.size() >= most_remembered && !known_.contains(url))
        known_.erase(std::ranges::min_element(known_, {}, [](const auto& one) { return one.second.until; }));
    known_.insert_or_assign(url, std::move(k));
}

} // namespace switchboard::outside
