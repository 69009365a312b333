#include "channels/fax/pdf.hpp"

#include <switchboard/util/text.hpp>

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace switchboard::channels {

namespace {

constexpr std::int64_t most_pdf_pages = 5000;
constexpr std::size_t most_unpacked = 32u << 20; // of all object streams together
constexpr std::size_t tail_bytes = 4096;         // where the end mark must be
constexpr std::size_t dictionary_bytes = 4096;   // how far a dictionary's parts may be from each other

struct page_count {
    std::set<std::int64_t> objects; // by number: an incremental update writes a page again
    std::int64_t nameless = 0;      // in object streams
    std::int64_t largest_tree = 0;

    std::int64_t total() const {
        const auto found = static_cast<std::int64_t>(objects.size()) + nameless;
        return std::min(found > 0 ? found : largest_tree, most_pdf_pages);
    }
};

bool is_space(char c) {
    return std::string_view(" \t\r\n\f").contains(c) || c == '\0';
}

std::size_t skip_space(std::string_view text, std::size_t at) {
    while (at < text.size() && is_space(text[at])) ++at;
    return at;
}

/// The number N of the "N G obj" before a position.
std::optional<std::int64_t> object_number(std::string_view text, std::size_t at) {
    const auto from = at > dictionary_bytes ? at - dictionary_bytes : 0;
    const auto before = text.substr(from, at - from);
    const auto keyword = before.rfind(" obj");
    if (keyword == std::string_view::npos) return std::nullopt;
    const auto generation = before.find_last_of(" \r\n", keyword - (keyword > 0 ? 1 : 0));
    if (generation == std::string_view::npos || before.substr(keyword).contains("endobj")) return std::nullopt;
    auto start = generation;
    while (start > 0 && before[start - 1] >= '0' && before[start - 1] <= '9') --start;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(before.data() + start, before.data() + generation, number);
    return error == std::errc() && end == before.data() + generation ? std::optional(number) : std::nullopt;
}

std::int64_t count_near(std::string_view text, std::size_t at) {
    const auto from = at > dictionary_bytes ? at - dictionary_bytes : 0;
    const auto begin = text.substr(from, at - from).rfind("<<");
    const auto around = text.substr(begin == std::string_view::npos ? from : from + begin, dictionary_bytes);
    const auto key = around.find("/Count");
    if (key == std::string_view::npos) return 0;
    const auto digits = skip_space(around, key + 6);
    std::int64_t count = 0;
    std::from_chars(around.data() + digits, around.data() + around.size(), count);
    return std::max<std::int64_t>(count, 0);
}

void count_pages(std::string_view text, page_count& count) {
    for (auto at = text.find("/Type"); at != std::string_view::npos; at = text.find("/Type", at + 5)) {
        const auto value = text.substr(skip_space(text, at + 5));
        if (value.starts_with("/Pages")) {
            count.largest_tree = std::max(count.largest_tree, count_near(text, at));
        } else if (value.starts_with("/Page") &&
                   (value.size() == 5 || is_space(value[5]) || std::string_view("/<>[]()").contains(value[5]))) {
            if (const auto number = object_number(text, at))
                count.objects.insert(*number);
            else
                ++count.nameless;
        }
    }
}

/// A zlib stream, up to a bound; what can be had of a broken one. `packed` keeps what stands behind it.
std::string inflate_some(std::string_view& packed, std::size_t most) {
    std::string out;
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return out;
    // zlib's interface is older than const.
    stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    int state = Z_OK;
    while (state == Z_OK && out.size() < most) {
        const auto had = out.size();
        out.resize(std::min(most, had + (64u << 10)));
        stream.next_out = reinterpret_cast<Bytef*>(out.data() + had);
        stream.avail_out = static_cast<uInt>(out.size() - had);
        state = inflate(&stream, Z_NO_FLUSH);
        out.resize(out.size() - stream.avail_out);
    }
    packed.remove_prefix(packed.size() - stream.avail_in);
    inflateEnd(&stream);
    return out;
}

/// Newer writers pack the page objects into compressed streams.
void count_packed_pages(std::string_view bytes, page_count& count) {
    constexpr std::size_t least_cost = 4096; // of a stream that unpacks to less, or to nothing
    std::size_t budget = most_unpacked, behind = 0;
    for (auto at = bytes.find("/ObjStm"); at != std::string_view::npos; at = bytes.find("/ObjStm", at + 7)) {
        const auto keyword = bytes.substr(at, dictionary_bytes).find("stream");
        if (keyword == std::string_view::npos) continue;
        const auto start = skip_space(bytes, at + keyword + 6);
        if (start < behind) continue; // inside of a stream that was unpacked: no byte is unpacked twice
        auto packed = bytes.substr(start);
        const auto text = inflate_some(packed, budget);
        behind = std::max(start + 1, bytes.size() - packed.size());
        count_pages(text, count);
        budget -= std::min(budget, std::max(text.size(), least_cost));
        if (budget == 0) return;
    }
}

} // namespace

image_facts look_at_pdf(std::string_view bytes) {
    page_count count;
    count_pages(bytes, count);
    count_packed_pages(bytes, count);
    image_facts facts{.type = "application/pdf", .pages = {}, .damaged = false};
    if (count.total() > 0) facts.pages = count.total();
    const auto tail = bytes.substr(bytes.size() > tail_bytes ? bytes.size() - tail_bytes : 0);
    facts.damaged = !tail.contains("%%EOF");
    return facts;
}

} // namespace switchboard::channels
