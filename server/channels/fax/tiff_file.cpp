#include "channels/fax/tiff_file.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstring>

namespace switchboard::channels {

namespace {

constexpr tmsize_t most_memory = 64 << 20; // for one table of a directory
constexpr std::size_t most_readings = 4;   // of a whole file

tiff_source& source_of(thandle_t handle) {
    return *static_cast<tiff_source*>(handle);
}

tmsize_t read(thandle_t handle, void* into, tmsize_t size) {
    auto& from = source_of(handle);
    if (from.handed > most_readings * from.bytes.size() + (1u << 20)) return 0;
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
    const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                   TIFFOpenOptionsFree);
    TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), most_memory);
    TIFFOpenOptionsSetErrorHandlerExtR(options.get(), on_error, &from);
    TIFFOpenOptionsSetWarningHandlerExtR(options.get(), on_warning, &from);
    return tiff_file(
        TIFFClientOpenExt("fax", "rmO", &from, read, refuse_write, seek, close, size, nullptr, nullptr, options.get()));
}

} // namespace switchboard::channels
