#include "channels/fax/tiff_file.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <optional>

namespace switchboard::channels {

namespace {

constexpr tmsize_t most_table_memory = 64 << 20;      // for one table of a directory
constexpr std::size_t most_readings = 4;              // of a whole file
constexpr std::uint64_t most_directory_entries = 500; // of a directory: libtiff compares each with all others
constexpr int most_directories = 5000;

/// The unsigned number of so many bytes; nothing behind the end.
std::optional<std::uint64_t> number_at(std::string_view bytes, std::uint64_t at, int size, bool big_endian) {
    if (at > bytes.size() || bytes.size() - at < static_cast<std::size_t>(size)) return std::nullopt;
    std::uint64_t out = 0;
    for (int i = 0; i < size; ++i) {
        const auto place = at + static_cast<std::uint64_t>(big_endian ? i : size - 1 - i);
        out = out << 8 | static_cast<unsigned char>(bytes[place]);
    }
    return out;
}

/// Whether the chain of directories has one that costs more than a fax is worth. What is broken ends the chain.
bool has_huge_directory(std::string_view bytes) {
    const bool big_endian = bytes.starts_with("MM");
    const bool wide = number_at(bytes, 2, 2, big_endian) == 43u; // BigTIFF
    const int count_size = wide ? 8 : 2, place_size = wide ? 8 : 4;
    auto at = number_at(bytes, wide ? 8 : 4, place_size, big_endian);
    for (int i = 0; i < most_directories && at.value_or(0) != 0; ++i) {
        const auto entries = number_at(bytes, *at, count_size, big_endian);
        if (!entries) return false;
        if (*entries > most_directory_entries) return true;
        const auto length = static_cast<std::uint64_t>(count_size) + *entries * (wide ? 20 : 12);
        at = number_at(bytes, *at + length, place_size, big_endian);
    }
    return false;
}

tiff_source& source_of(thandle_t handle) {
    return *static_cast<tiff_source*>(handle);
}

tmsize_t read(thandle_t handle, void* into, tmsize_t size) {
    auto& from = source_of(handle);
    if (from.handed > most_readings * from.bytes.size() + (64u << 10)) return 0;
    const auto left = from.bytes.substr(std::min(from.at, from.bytes.size()), static_cast<std::size_t>(size));
    from.handed += left.size();
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

} // namespace

tiff_file open_tiff(tiff_source& from) {
    if (has_huge_directory(from.bytes)) return nullptr;
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most_table_memory);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &from);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &from);
    return tiff_file(
        TIFFClientOpenExt("fax", "rmO", &from, read, refuse_write, seek, close, size, nullptr, nullptr, options.get()));
}

} // namespace switchboard::channels
