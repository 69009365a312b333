#include "channels/email/gmime_ptr.hpp"

#include <algorithm>

#include <mutex>

namespace switchboard::channels::email {

namespace {

// Each of these makes its type at its first call, and two first calls at once make it twice: what then has the lost
// one is a null pointer (gmime 3.2.13; the functions are declared in its headers, one for each type).
constexpr GType (*types[])() = {
    g_mime_content_disposition_get_type,
    g_mime_content_type_get_type,
    g_mime_data_wrapper_get_type,
    g_mime_filter_basic_get_type,
    g_mime_filter_get_type,
    g_mime_format_options_get_type,
    g_mime_header_get_type,
    g_mime_header_list_get_type,
    g_mime_message_get_type,
    g_mime_message_part_get_type,
    g_mime_message_partial_get_type,
    g_mime_multipart_encrypted_get_type,
    g_mime_multipart_get_type,
    g_mime_multipart_signed_get_type,
    g_mime_object_get_type,
    g_mime_param_get_type,
    g_mime_param_list_get_type,
    g_mime_parser_get_type,
    g_mime_parser_options_get_type,
    g_mime_part_get_type,
    g_mime_part_iter_get_type,
    g_mime_references_get_type,
    g_mime_stream_buffer_get_type,
    g_mime_stream_cat_get_type,
    g_mime_stream_filter_get_type,
    g_mime_stream_get_type,
    g_mime_stream_mem_get_type,
    g_mime_stream_null_get_type,
    g_mime_text_part_get_type,
    g_mime_application_pkcs7_mime_get_type,
    internet_address_get_type,
    internet_address_group_get_type,
    internet_address_list_get_type,
    internet_address_mailbox_get_type,
};

} // namespace

void start_gmime() {
    static std::once_flag once;
    std::call_once(once, [] {
        g_mime_init();
        for (const auto make : types) make();
    });
}

borrowed_stream::borrowed_stream(std::string_view bytes)
    : bytes_{reinterpret_cast<guint8*>(const_cast<char*>(bytes.data())), static_cast<guint>(bytes.size())},
      stream_{(start_gmime(), g_mime_stream_mem_new_with_byte_array(&bytes_))} {
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
