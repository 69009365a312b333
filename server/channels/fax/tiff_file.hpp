#pragma once

#include <tiffio.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace switchboard::channels {

/// A TIFF in memory and what libtiff complained about.
struct tiff_source {
    std::string_view bytes;
    std::size_t at = 0;
    std::size_t handed = 0; // bytes so far: directories may lie in one another, and each is read for itself
    bool failed = false;
};

struct close_tiff {
    void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using tiff_file = std::unique_ptr<TIFF, close_tiff>;

/// Reads only, from memory, with bounded tables and nothing on stderr. Null if it is no TIFF, or one whose directories
/// would cost more than a fax is worth. `from` outlives the file.
tiff_file open_tiff(tiff_source& from);

} // namespace switchboard::channels
