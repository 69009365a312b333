#include "support/eavesdropper.hpp"

#include <pqxx/pqxx>

#include <utility>

namespace switchboard::test {
namespace {

class ear : public pqxx::notification_receiver {
public:
    using pqxx::notification_receiver::notification_receiver;
    void operator()(const std::string&, int) override { ++heard; }
    int heard = 0;
};

} // namespace

struct eavesdropper::parts {
    explicit parts(const std::string& url) : c{url} {}

    pqxx::connection c;
    ear bell{c, "switchboard"}, mark{c, "eavesdropper"};
};

eavesdropper::eavesdropper(const std::string& url) : parts_{std::make_unique<parts>(url)} {}
eavesdropper::~eavesdropper() = default;

int eavesdropper::heard() {
    auto& p = *parts_;
    const auto before = p.mark.heard;
    pqxx::nontransaction{p.c}.exec("NOTIFY eavesdropper");
    while (p.mark.heard == before) p.c.await_notification(10, 0);
    return std::exchange(p.bell.heard, 0);
}

} // namespace switchboard::test
