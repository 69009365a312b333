#pragma once

#include <gmime/gmime.h>

#include <memory>
#include <string>
#include <string_view>

namespace switchboard::channels::email {

struct gobject_unref {
    void operator()(gpointer object) const noexcept { g_object_unref(object); }
};
struct glib_free {
    void operator()(gpointer memory) const noexcept { g_free(memory); }
};
struct parser_options_free {
    void operator()(GMimeParserOptions* options) const noexcept { g_mime_parser_options_free(options); }
};

/// Owns one reference to a GObject.
template <class T>
using gobject_ptr = std::unique_ptr<T, gobject_unref>;
using gstring_ptr = std::unique_ptr<char, glib_free>;
using parser_options_ptr = std::unique_ptr<GMimeParserOptions, parser_options_free>;

/// Starts GMime once for the process, with all its types; safe from any thread. Comes before every other call of
/// GMime; a borrowed_stream calls it itself.
void start_gmime();

/// A stream that reads bytes where they lie, which must outlive it and all that was parsed from it.
class borrowed_stream {
public:
    explicit borrowed_stream(std::string_view bytes);
    GMimeStream* get() const { return stream_.get(); }

private:
    GByteArray bytes_;
    gobject_ptr<GMimeStream> stream_;
};

inline std::string to_string(const char* text) {
    return text ? std::string(text) : std::string();
}

/// What has been written to a GMime memory stream.
std::string bytes_of(GMimeStream* memory_stream);

/// What a stream over memory has between its bounds, where it lies; empty for any other.
std::string_view bytes_below(GMimeStream* stream);

} // namespace switchboard::channels::email
