#include <switchboard/util/event_data.hpp>

#include <gtest/gtest.h>

#include <set>

using namespace switchboard;

namespace {

/// Something in every member, and another thing in each.
template <class T>
void fill(T& to, std::int64_t& n) {
    if constexpr (detail::is_optional<T>) {
        fill(to.emplace(), n);
    } else if constexpr (described<T>) {
        with_members<T>([&]<class... M> { (fill(to.*M::pointer, n), ...); });
    } else if constexpr (detail::many<T>) {
        for (int i = 0; i < 2; ++i) fill(to.emplace_back(), n);
    } else if constexpr (enumeration<T>) {
        to = named_value<T>(all_names<T>().back()).value();
    } else if constexpr (std::same_as<T, timestamp>) {
        to = timestamp{std::chrono::microseconds{1'700'000'000'000'000 + ++n}};
    } else if constexpr (std::same_as<T, bool>) {
        to = true;
    } else if constexpr (std::same_as<T, datum>) {
        to = datum::object({{"said", "\"quoted\" " + std::to_string(++n)}});
    } else if constexpr (std::same_as<T, std::string>) {
        to = "\"Grüße\"\n" + std::to_string(++n);
    } else {
        to = ++n;
    }
}

template <class E>
void comes_back_as_it_was(const E& said) {
    const auto read = read_data<E>(data_of(said));
    ASSERT_TRUE(read) << E::type << ": " << read.error();
    EXPECT_TRUE(get(*read) == get(said)) << E::type << ": " << data_of(said) << " is read as " << data_of(*read);
}

event row_of(std::string_view type, std::string data) {
    event e;
    e.cursor = {7, 42};
    e.type = type;
    e.data = std::move(data);
    return e;
}

} // namespace

TEST(event_data, of_every_type_is_read_as_it_was_written) {
    std::int64_t n = 0;
    events::with_all([&]<class... E> {
        const auto both = [&]<class One>(One full) {
            comes_back_as_it_was(One{});
            fill(full, n);
            comes_back_as_it_was(full);
        };
        (both(E{}), ...);
    });
    EXPECT_GT(n, 100);
}

TEST(event_data, has_a_type_of_its_own_for_each) {
    std::set<std::string_view> types;
    for (const auto& kind : events::all::kinds) EXPECT_TRUE(types.insert(kind.type).second) << kind.type;
    EXPECT_EQ(events::audience_of("offer.timed_out"), audience{permission::ticket_read});
    EXPECT_EQ(events::audience_of("offer.lost"), std::nullopt);
}

TEST(event_data, has_texts_and_flags_that_an_older_program_left_out) {
    const auto read = read_data<events::draft_changed>(R"({"ticket_id":1,"agent":{"id":2},"kind":"note"})");
    ASSERT_TRUE(read) << read.error();
    EXPECT_EQ(read->agent.name, "");
    EXPECT_FALSE(read->exists);
}

TEST(event_data, names_the_member_that_cannot_be_read) {
    const auto wrong = [](std::string_view json) {
        const auto read = read_data<events::draft_changed>(json);
        return read ? "" : read.error();
    };
    EXPECT_EQ(wrong(R"({"ticket_id":1,"agent":{"id":2,"name":"Ada"},"kind":"note","exists":true})"), "");
    EXPECT_EQ(wrong(R"({"ticket_id":1,"agent":{"name":"Ada"},"kind":"note","exists":true})"),
              "cannot be read at .agent.id");
    EXPECT_EQ(wrong(R"({"ticket_id":"1","agent":{"id":2,"name":"Ada"},"kind":"note","exists":true})"),
              "cannot be read at .ticket_id");
    EXPECT_EQ(wrong(R"([])"), "cannot be read at ");
    EXPECT_EQ(wrong(R"({"ticket_id":)"), "is not JSON: stops being so at byte 14");
    EXPECT_EQ(wrong(std::string(20, '[') + std::string(20, ']')), "is nested deeper than 16 levels");
}

TEST(event_data, leaves_out_what_a_newer_node_says_more) {
    const auto read = read_data<events::config_changed>(R"({"kind":"queue","id":3,"colour":"red"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(data_of(*read), R"({"kind":"queue","id":3})");
}

TEST(event_data, takes_what_an_older_node_did_not_say_as_nothing) {
    const auto read = read_data<events::config_changed>(R"({"kind":"queue"})");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->id, std::nullopt);
}

TEST(event, is_read_as_its_type_alone) {
    const auto e = row_of("config.changed", R"({"kind":"queue","id":3})");
    EXPECT_TRUE(read_event<events::config_changed>(e));
    EXPECT_FALSE(read_event<events::customer_changed>(e));
    std::string heard;
    with_event(e, [&]<class E>(const E&) { heard += E::type; });
    with_event(row_of("config.forgotten", "{}"), [&]<class E>(const E&) { heard += E::type; });
    EXPECT_EQ(heard, "config.changed");
}

TEST(event, that_cannot_be_read_is_told_by_its_place_and_not_by_its_words) {
    testing::internal::CaptureStderr();
    EXPECT_FALSE(read_event<events::config_changed>(row_of("config.changed", R"({"kind":["private"]})")));
    const auto said = testing::internal::GetCapturedStderr();
    EXPECT_NE(said.find("event_unreadable event=7-42 type=config.changed"), said.npos) << said;
    EXPECT_EQ(said.find("private"), said.npos) << said;
}
