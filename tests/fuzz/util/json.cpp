// Any bytes: what is taken is within the bounds, and reads the same once it is written again.
#include <switchboard/util/json.hpp>
#include <switchboard/util/text.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <cstdlib>

namespace {

using namespace switchboard;
using nlohmann::json;

constexpr json_bounds bounds{.bytes = 100'000, .depth = 8, .values = 500, .text_bytes = 5000, .name_bytes = 100};

void insist(bool is_so) {
    if (!is_so) std::abort();
}

void check(const json& value, std::size_t depth, std::size_t& values) {
    insist(++values <= bounds.values);
    if (const auto* text = value.get_ptr<const std::string*>())
        insist(text->size() <= bounds.text_bytes && clean_utf8(*text) == *text);
    if (!value.is_structured()) return;
    insist(depth < bounds.depth);
    for (const auto& [name, element] : value.items()) {
        insist(name.size() <= bounds.name_bytes && clean_utf8(name) == name);
        check(element, depth + 1, values);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    for (const auto manner : {json_manner::exact, json_manner::mended}) {
        const auto read = outside_json(text, bounds, manner);
        insist(read || !read.error().empty());
        if (!read) continue;
        std::size_t values = 0;
        check(*read, 0, values);
        const auto again = outside_json(read->dump(), {}, json_manner::exact);
        insist(again && *again == *read);
        if (manner == json_manner::exact) insist(outside_json(text, bounds, json_manner::mended) == read);
    }
    return 0;
}
