#include "channels/fax/tiff.hpp"

#include <tiffio.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>
#include <memory>

namespace switchboard::channels {

namespace {

constexpr std::int64_t most_pages = 5000;
constexpr tmsize_t most_memory = 64 << 20;   // for one table of a directory
constexpr std::size_t most_strips = 200'000; // checked in one file: thousands of pages may share one huge table

/// A TIFF in memory and what libtiff complained about.
struct source {
    std::string_view bytes;
    std::size_t at = 0;
    bool failed = false;
};

source& source_of(thandle_t handle) {
    return *static_cast<source*>(handle);
}

tmsize_t read(thandle_t handle, void* into, tmsize_t size) {
    auto& from = source_of(handle);
    const auto left = from.bytes.substr(std::min(from.at, from.bytes.size()), static_cast<std::size_t>(size));
    std::memcpy(into, left.data(), left.size());
    from.at += left.size();
    return static_cast<tmsize_t>(left.size());
}

tmsize_t refuse_write(thandle_t, void*, tmsize_t) {
    return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
    auto& in = source_of(handle);
    const auto base = whence == SEEK_CUR ? in.at : whence == SEEK_END ? in.bytes.size() : 0;
    in.at = base + offset;
    return in.at;
}

int close(thandle_t) {
    return 0;
}
toff_t size(thandle_t handle) {
    return source_of(handle).bytes.size();
}

int on_error(TIFF*, void* user, const char*, const char*, va_list) {
    source_of(user).failed = true;
    return 1; // handled: nothing goes to stderr
}

int on_warning(TIFF*, void*, const char*, const char*, va_list) {
    return 1;
}

struct close_tiff {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using tiff_file = std::unique_ptr<TIFF, close_tiff>;

tiff_file open(source& from) {
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most_memory);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &from);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &from);
    return tiff_file(
        TIFFClientOpenExt("fax", "rmO", &from, read, refuse_write, seek, close, size, nullptr, nullptr, options.get()));
}

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
    source from{.bytes = bytes};
    image_facts facts{.type = "image/tiff", .pages = 0, .damaged = false};
    const auto tiff = open(from);
    if (!tiff) return {.type = "image/tiff", .pages = 0, .damaged = true};
    auto budget = most_strips;
    do {
        if (!is_whole(tiff.get(), bytes.size(), budget)) facts.damaged = true;
        ++*facts.pages;
    } while (*facts.pages < most_pages && TIFFReadDirectory(tiff.get()));
    // A chain of directories that leads back into itself ends without an error.
    const bool stopped_early = *facts.pages < most_pages && !TIFFLastDirectory(tiff.get());
    facts.damaged = facts.damaged || from.failed || stopped_early;
    return facts;
}

} // namespace switchboard::channels
