#include "channels/email/gmime_ptr.hpp"

#include <algorithm>

#include <mutex>

namespace switchboard::channels::email {

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

borrowed_stream::borrowed_stream(std::string_view bytes)
    : bytes_{reinterpret_cast<guint8*>(const_cast<char*>(bytes.data())), static_cast<guint>(bytes.size())},
      stream_{g_mime_stream_mem_new_with_byte_array(&bytes_)} {
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream_.get()), FALSE); // and it only reads
}

std::string bytes_of(GMimeStream* memory_stream) {
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory_stream));
    return bytes && bytes->len ? std::string(reinterpret_cast<const char*>(bytes->data), bytes->len) : std::string();
}

std::string_view bytes_below(GMimeStream* stream) {
    if (!GMIME_IS_STREAM_MEM(stream)) return {};
    const GByteArray* all = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    if (!all) return {};
    const std::string_view bytes{reinterpret_cast<const char*>(all->data), all->len};
    const auto begin = static_cast<std::size_t>(std::clamp<gint64>(stream->bound_start, 0, all->len));
    const auto end = stream->bound_end < 0 ? bytes.size() : static_cast<std::size_t>(stream->bound_end);
    return bytes.substr(begin, std::max(begin, end) - begin);
}

} // namespace switchboard::channels::email
