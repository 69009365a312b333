#pragma once

#include <switchboard/channels/inputs.hpp>

namespace switchboard::channels {

/// One received fax: multipart/form-data with a TIFF or PDF and its fields, or the image itself with the fields in the
/// query. Fields: fax_id, or host, commid and qfile; from, to, station_id, received_at, pages, duration_s, error.
std::vector<normalized_record> normalize_fax(const gateway_settings& settings, const raw_input& input,
                                             const limits& bounds);

} // namespace switchboard::channels
