#pragma once

#include "api/wire/requests.hpp"

#include <switchboard/model/directory.hpp>

#include <vector>

namespace switchboard::api {

inline std::vector<queue_step> steps_of(const list<queue_step_in, 16>& in) {
    std::vector<queue_step> out;
    for (const auto& s : in.items) {
        queue_step step{s.after_s, plain<std::string>(s.skip_if).value_or("never"), {}};
        for (const auto& c : s.changes.items)
            step.changes.push_back({c.what, plain<std::int64_t>(c.skill_id), plain<std::int64_t>(c.queue_id),
                                    plain<std::int64_t>(c.value)});
        out.push_back(std::move(step));
    }
    return out;
}

} // namespace switchboard::api
