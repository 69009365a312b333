#include "channels/fax/tiff.hpp"

#include "channels/fax/tiff_file.hpp"

#include <algorithm>

namespace switchboard::channels {

namespace {

constexpr std::int64_t most_tiff_pages = 5000;
constexpr std::size_t most_strips = 200'000; // checked in one file: thousands of pages may share one huge table

/// Whether the image data of the current page lies inside the file, as far as the budget of strips goes.
bool is_whole(TIFF* tiff, std::size_t file_size, std::size_t& budget) {
    std::uint32_t width = 0, height = 0;
    if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &height))
        return false;
    if (width == 0 || height == 0) return false;
    const auto strips = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
    // More strips than bytes cannot be: do not walk four billion of them.
    if (strips == 0 || strips > file_size) return false;
    for (std::uint32_t strip = 0; strip < strips && budget > 0; ++strip, --budget) {
        const auto start = TIFFGetStrileOffset(tiff, strip);
        const auto length = TIFFGetStrileByteCount(tiff, strip);
        if (start == 0 || length == 0 || start > file_size || length > file_size - start) return false;
    }
    return true;
}

} // namespace

image_facts look_at_tiff(std::string_view bytes) {
    tiff_source from{.bytes = bytes};
    image_facts facts{.type = "image/tiff", .pages = 0, .damaged = false};
    const auto tiff = open_tiff(from);
    if (!tiff) return {.type = "image/tiff", .pages = 0, .damaged = true};
    auto budget = most_strips;
    do {
        if (!is_whole(tiff.get(), bytes.size(), budget)) facts.damaged = true;
        ++*facts.pages;
    } while (*facts.pages < most_tiff_pages && TIFFReadDirectory(tiff.get()));
    // A chain of directories that leads back into itself ends without an error.
    const bool stopped_early = *facts.pages < most_tiff_pages && !TIFFLastDirectory(tiff.get());
    facts.damaged = facts.damaged || from.failed || stopped_early;
    return facts;
}

} // namespace switchboard::channels
