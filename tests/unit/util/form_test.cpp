#include <switchboard/util/form.hpp>

#include <gmock/gmock.h>

/// A noun of the test's own: what is declared once is what is read, judged, published and told.
namespace switchboard {
namespace {

BOOST_DEFINE_ENUM_CLASS(door_state, open, closed, ajar)

struct hinge {
    row_id part_id;
    integer<1, 10> screws = 4;
};
DESCRIBE(hinge, (part_id, "Which part it is."), (screws, "How many hold it."))

struct door {
    read_only<row_id> id, version;
    text<1, 20> name;
    text<0, 10> note;
    door_state state = door_state::closed;
    integer<5, 3600> close_s = 20;
    bool heavy = false;
    std::optional<row_id> room_id;
    std::optional<timestamp> painted_at;
    list<hinge, 3> hinges;
    secret code;
    datum colours = datum::object();
};
DESCRIBE(door, (id, "Its number."), (version, "Grows with each change."), (name, "What people call it."),
         (note, "What else to know."), (state, "How it stands."), (close_s, "How long it stays open, in seconds."),
         (heavy, "Whether it takes two."), (room_id, "Where it leads; nowhere if empty."),
         (painted_at, "When it was painted last."), (hinges, "What it hangs on."), (code, "What opens it."),
         (colours, "Whatever somebody keeps of its colours."))

std::expected<patch<door>, refusal> read_door(std::string_view json, form f = form::create) {
    return read_form<door>(from_outside_json(json).value(), f);
}

std::string wrong_with(std::string_view json, form f = form::create) {
    std::string out;
    const auto asked = read_door(json, f);
    if (asked) return "nothing";
    for (const auto& e : asked.error().errors) out += e.field + " " + e.message + "\n";
    return out;
}

TEST(form_test, a_noun_goes_to_json_and_back) {
    const auto asked = read_door(R"({"name": " Hall ", "state": "ajar", "painted_at": "2026-11-30T01:02:03+01:00",
        "hinges": [{"part_id": 7}], "code": " 1234", "colours": {"in": ["red"]}})");
    ASSERT_TRUE(asked);
    const auto& d = asked->values;
    EXPECT_EQ(d.name, "Hall");
    EXPECT_EQ(d.state, door_state::ajar);
    EXPECT_EQ(d.hinges.at(0).screws, 4);
    EXPECT_EQ(*d.code.reveal, " 1234");
    EXPECT_EQ(to_json(get(d)),
              R"({"id":0,"version":0,"name":"Hall","note":"","state":"ajar","close_s":20,"heavy":false,"room_id":null,)"
              R"("painted_at":"2026-11-30T00:02:03Z","hinges":[{"part_id":7,"screws":4}],"code":{"set":true},)"
              R"("colours":{"in":["red"]}})");
    door again;
    put(again, get(d));
    EXPECT_EQ(get(again), get(d));
}

TEST(form_test, a_patch_changes_what_it_names) {
    const auto asked = read_door(R"({"close_s": 30, "room_id": null})", form::patch);
    ASSERT_TRUE(asked);
    EXPECT_TRUE(asked->names<&door::room_id>());
    EXPECT_FALSE(asked->names<&door::name>());
    door d;
    d.name = "Hall";
    d.room_id = row_id{5};
    auto wanted = get(d);
    wanted.set("close_s", std::int64_t{30});
    wanted.set("room_id", nullptr);
    asked->apply(d);
    EXPECT_EQ(to_json(get(d)), to_json(wanted));
}

TEST(form_test, all_that_is_wrong_is_told) {
    EXPECT_EQ(wrong_with(R"({"id": 7, "name": "  ", "close_s": 4, "heavy": 1, "state": "lost", "colour": "red",
                             "hinges": [{"screws": 11}, 3], "note": "12345678901", "painted_at": "today", "code": ""})"),
              "id cannot be set\n"
              "name must not be empty\n"
              "note must have at most 10 characters\n"
              "state must be one of open, closed, ajar\n"
              "close_s must be between 5 and 3600\n"
              "heavy must be true or false\n"
              "painted_at must be a time like 2026-11-21T18:40:18Z\n"
              "hinges[0].part_id is required\n"
              "hinges[0].screws must be between 1 and 10\n"
              "hinges[1] must be an object\n"
              "code must not be empty\n"
              "colour is not known here\n");
    EXPECT_EQ(wrong_with("{}"), "name is required\n");
    EXPECT_EQ(wrong_with("{}", form::patch), "nothing");
    EXPECT_EQ(wrong_with("[]"), " must be an object\n");
    EXPECT_EQ(wrong_with(R"({"name": "Hall", "close_s": 5.5})"), "close_s must be a whole number\n");
    EXPECT_EQ(wrong_with(R"({"name": "Hall", "close_s": 99999999999999999999})"), "close_s must be a whole number\n");
    EXPECT_EQ(wrong_with(R"({"name": "Hall", "hinges": [{},{},{},{}]})"), "hinges must have at most 3 items\n");
}

TEST(form_test, what_is_no_json_or_bottomless_is_refused) {
    const auto fault = [](std::string_view json) { return from_outside_json(json).error(); };
    EXPECT_THAT(fault("{"), testing::HasSubstr("not JSON"));
    EXPECT_THAT(fault(std::string(40, '[') + std::string(40, ']')), testing::HasSubstr("nested deeper"));
    EXPECT_THAT(fault(R"({"name": "cut off\u0000 here"})"), testing::HasSubstr("NUL"));
    EXPECT_THAT(fault(R"({"name": "Hall", "name": "Wall"})"), testing::HasSubstr("twice"));
}

TEST(form_test, the_schema_says_limits_defaults_and_help) {
    const auto& all = schema_of<door>()["properties"];
    EXPECT_EQ(to_json(all["close_s"]), R"({"type":"integer","minimum":5,"maximum":3600,"default":20,)"
                                       R"("description":"How long it stays open, in seconds."})");
    EXPECT_EQ(to_json(all["state"]), R"({"type":"string","enum":["open","closed","ajar"],"default":"closed",)"
                                     R"("description":"How it stands."})");
    EXPECT_EQ(to_json(schema_of<door>()["required"]), R"(["name"])");

    const auto create = schema_of_form(schema_of<door>(), form::create);
    EXPECT_FALSE(create["properties"]["id"].exists());
    EXPECT_TRUE(create["properties"]["code"].exists());
    const auto patch = schema_of_form(schema_of<door>(), form::patch);
    EXPECT_FALSE(patch["required"].exists());
    EXPECT_FALSE(patch["properties"]["close_s"]["default"].exists());
    const auto told = schema_of_answer(schema_of<door>());
    EXPECT_EQ(std::ssize(told["required"].items), 12);
    EXPECT_EQ(told["properties"]["code"]["type"], datum{"object"});
}

struct gate {
    integer<5, 9> bars = 12;
};
DESCRIBE(gate, (bars, "How many it has."))

TEST(form_test, a_default_outside_of_its_limits_is_a_fault_of_the_program) {
    EXPECT_THROW(make_schema<gate>(), std::logic_error);
}

TEST(form_test, names_of_an_enumeration_are_values_and_back) {
    EXPECT_EQ(name_of(door_state::ajar), "ajar");
    EXPECT_EQ(named_value<door_state>("open"), door_state::open);
    EXPECT_FALSE(named_value<door_state>("Open"));
    door d;
    EXPECT_THROW(put(d, datum::object({{"state", "burnt"}})), std::invalid_argument);
}

} // namespace
} // namespace switchboard
