#include <switchboard/channels/page_picture.hpp>

#include "channels/fax/pdf_page.hpp"
#include "channels/fax/tiff_file.hpp"

#include <png.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace switchboard::channels {

namespace {

constexpr std::uint32_t most_pixels = 40'000'000; // A3 at 300 dots to the inch, and some
constexpr std::uint32_t widest = 1728;            // a fax line: a screen needs no more

struct grey_picture {
    std::uint32_t width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

/// Shrinks by whole boxes and stretches the rows of a standard-resolution fax, so that a page looks like the paper.
grey_picture for_a_screen(const std::vector<std::uint32_t>& rgba, std::uint32_t width, std::uint32_t height,
                          double row_stretch) {
    grey_picture out;
    out.width = std::min(width, widest);
    const double scale = static_cast<double>(width) / out.width;
    out.height = std::max(1u, static_cast<std::uint32_t>(height * row_stretch / scale));
    out.pixels.resize(std::size_t{out.width} * out.height);
    for (std::uint32_t y = 0; y < out.height; ++y) {
        const auto from_y = std::min(height - 1, static_cast<std::uint32_t>(y * scale / row_stretch));
        for (std::uint32_t x = 0; x < out.width; ++x) {
            const auto first = static_cast<std::uint32_t>(x * scale);
            const auto last = std::clamp(static_cast<std::uint32_t>((x + 1) * scale), first + 1, width);
            std::uint32_t sum = 0;
            for (auto i = first; i < last; ++i) {
                // TIFFReadRGBAImage gives rows bottom up.
                const auto p = rgba[std::size_t{height - 1 - from_y} * width + i];
                sum += (TIFFGetR(p) * 3 + TIFFGetG(p) * 6 + TIFFGetB(p)) / 10;
            }
            out.pixels[std::size_t{y} * out.width + x] = static_cast<std::uint8_t>(sum / (last - first));
        }
    }
    return out;
}

std::optional<std::string> to_png(const grey_picture& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = PNG_FORMAT_GRAY;
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
    std::string out(size, '\0');
    if (png_image_write_to_memory(&image, out.data(), &size, 0, picture.pixels.data(), 0, nullptr) == 0)
        return std::nullopt;
    out.resize(size);
    return out;
}

std::optional<std::string> tiff_page(std::string_view file, int page) {
    tiff_source source{.bytes = file};
    const auto tiff = open_tiff(source);
    if (!tiff || TIFFSetDirectory(tiff.get(), static_cast<tdir_t>(page - 1)) == 0) return std::nullopt;
    std::uint32_t width = 0, height = 0;
    TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
    TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
    if (width == 0 || height == 0 || height > most_pixels / width) return std::nullopt;
    float across = 0, down = 0;
    TIFFGetField(tiff.get(), TIFFTAG_XRESOLUTION, &across);
    TIFFGetField(tiff.get(), TIFFTAG_YRESOLUTION, &down);
    const bool sensible = across > 1 && down > 1 && across / down > 0.2f && across / down < 5;
    std::vector<std::uint32_t> rgba(std::size_t{width} * height);
    if (TIFFReadRGBAImage(tiff.get(), width, height, rgba.data(), 0) == 0) return std::nullopt;
    return to_png(for_a_screen(rgba, width, height, sensible ? across / down : 1.0));
}

} // namespace

std::optional<std::string> page_picture(std::string_view file, int page) {
    if (page < 1 || page > 5000) return std::nullopt;
    if (file.substr(0, 1024).contains("%PDF-")) return pdf_page(file, page);
    return tiff_page(file, page);
}

} // namespace switchboard::channels
