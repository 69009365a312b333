#include "api/wire/event.hpp"

#include <fmt/format.h>

namespace switchboard::api {
namespace {

/// "unevaluatedProperties": it is a part, beside which others stand; the linter takes an object for whole otherwise.
template <class E>
void write_one(json_writer& one_of, schemas& all) {
    const auto name = type_name<E>() + "_event";
    json_writer data;
    write_schema<E>(data, all, direction::answer);
    all.named[name] = fmt::format(
        R"({{"type":"object","properties":{{"type":{{"type":"string","const":"{}","description":"What happened."}},)"
        R"("data":{}}},"required":["type","data"],"unevaluatedProperties":true}})",
        E::type, with_help(data.take(), "What it says of itself."));
    write_reference(one_of, name);
}

/// Without a `discriminator`: generators take that for inheritance, and each type is a constant already.
std::string event_schema(schemas& all) {
    json_writer one_of;
    one_of.begin_array();
    events::with_all([&]<class... E> { (write_one<E>(one_of, all), ...); });
    one_of.end_array();
    return fmt::format(R"({{"description":"Something that happened; `type` says which of them.","oneOf":{}}})",
                       one_of.take());
}

/// `event` and these members beside it.
void write_event_with(json_writer& w, schemas& all, const std::string& name, std::string_view members,
                      std::string_view required) {
    if (all.named.try_emplace(name).second) {
        json_writer event;
        write_event_schema(event, all);
        all.named[name] = fmt::format(R"({{"allOf":[{},{{"type":"object","properties":{{{}}},"required":[{}],)"
                                      R"("unevaluatedProperties":true}}]}})",
                                      event.take(), members, required);
    }
    write_reference(w, name);
}

} // namespace

void write_event_schema(json_writer& w, schemas& all) {
    if (all.named.try_emplace("event").second) {
        auto inside = event_schema(all);
        all.named["event"] = std::move(inside);
    }
    write_reference(w, "event");
}

void write_live_event_schema(json_writer& w, schemas& all) {
    write_event_with(
        w, all, "live_event",
        R"("cursor":{"type":"string","description":"Its place in the log; not of what passes and is in no log."},)"
        R"("at":{"type":"string","format":"date-time","description":"When it happened."},)"
        R"("ticket_id":{"type":"integer","format":"int64","description":"The ticket, where it speaks of one."})",
        R"("at")");
}

void schema_of<timeline_event>::write(json_writer& w, schemas& all, direction way) {
    json_writer actor;
    write_schema<std::optional<named>>(actor, all, way);
    write_event_with(w, all, "timeline_event",
                     fmt::format(R"("id":{{"type":"integer","format":"int64","description":"Its number."}},"actor":{})",
                                 with_help(actor.take(), "Who did it; empty: the system.")),
                     R"("id","actor")");
}

} // namespace switchboard::api
