#include "channels/email/gmime_ptr.hpp"

#include <mutex>

namespace switchboard::channels::email {

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] { g_mime_init(); });
}

std::string bytes_of(GMimeStream* memory_stream) {
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory_stream));
    return bytes && bytes->len ? std::string(reinterpret_cast<const char*>(bytes->data), bytes->len) : std::string();
}

} // namespace switchboard::channels::email
