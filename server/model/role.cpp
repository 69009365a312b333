#include <switchboard/model/role.hpp>

namespace switchboard {

grants grants_of(const grant_list& all) {
    grants out;
    for (const auto& one : all) out.add(one.permission, one.reach);
    return out;
}

grant_list list_of(const grants& all) {
    grant_list out;
    with_names<permission>([&]<class... N> {
        const auto add = [&](permission p) {
            if (const auto far = all.reach_of(p)) out.push_back({p, *far});
        };
        (add(N::value), ...);
    });
    return out;
}

} // namespace switchboard
