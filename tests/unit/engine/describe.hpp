#pragma once

#include <switchboard/engine/decisions.hpp>

#include <fmt/format.h>

#include <string>

namespace switchboard::routing {

/// One decision in words, so that two lists of decisions can be compared and read.
inline std::string describe(const decision& d) {
    const auto us = [](timestamp t) { return t.time_since_epoch().count(); };
    struct visitor {
        decltype(us) micros;
        std::string operator()(const make_offer& o) const {
            return fmt::format("offer {} to {} queue {} {} weight {}{} v{} until {} because {}{} rank {} score {} key "
                               "{:x} step {} nr {} of {}/{}/{}/{}",
                               o.ticket, o.agent, o.queue, name_of(o.channel), o.weight, o.interruptible ? " soft" : "",
                               o.version, micros(o.expires_at), static_cast<int>(o.facts.why),
                               o.facts.by_affinity ? " known" : "", o.facts.rank, o.facts.score, o.facts.order_key,
                               o.facts.step, o.facts.sibling, o.facts.signed_in, o.facts.eligible, o.facts.free,
                               o.facts.refused);
        }
        std::string operator()(const end_offer& o) const {
            return fmt::format("end {} of {} reason {}{} v{} refused until {}", o.ticket, o.agent,
                               static_cast<int>(o.reason), o.waits_again ? " waits" : "", o.version,
                               o.refused_until ? micros(*o.refused_until) : -1);
        }
        std::string operator()(const clear_refusals& c) const { return fmt::format("clear {}", c.ticket); }
        std::string operator()(const park_item& p) const { return fmt::format("park {} of {}", p.ticket, p.agent); }
        std::string operator()(const resume_item& r) const { return fmt::format("resume {} of {}", r.ticket, r.agent); }
        std::string operator()(const set_not_ready& s) const {
            return fmt::format("not ready {} after {}", s.agent, s.missed);
        }
        std::string operator()(const step_taken& s) const {
            return fmt::format("step {} of {} in queue {}{}", s.step, s.ticket, s.queue,
                               s.why == step_cause::time   ? ""
                               : s.why == step_cause::late ? " being late"
                                                           : " at once");
        }
        std::string operator()(const overflow_ticket& o) const {
            return fmt::format("overflow {} from {} to {} reason {} v{}", o.ticket, o.from, o.to,
                               static_cast<int>(o.reason), o.version);
        }
        std::string operator()(const block_ticket& b) const {
            return fmt::format("block {} from queue {} v{}", b.ticket, b.queue, b.version);
        }
        std::string operator()(const close_ticket& c) const {
            return fmt::format("close {} from queue {} action {} v{}", c.ticket, c.queue, static_cast<int>(c.action),
                               c.version);
        }
    };
    return std::visit(visitor{us}, d);
}

} // namespace switchboard::routing
