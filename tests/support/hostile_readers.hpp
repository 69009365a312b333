#pragma once

#include "support/hostile_shapes.hpp"

#include <switchboard/channels/html.hpp>
#include <switchboard/channels/normalize.hpp>
#include <switchboard/util/json.hpp>

#include "channels/email/reply_trim.hpp"
#include "channels/email/rtf.hpp"

#include <nlohmann/json.hpp>

#include <ctime>

namespace switchboard::test {

/// Processor time of this thread in milliseconds: a busy machine does not count.
inline double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// What its reader needs for these bytes, in milliseconds.
inline double ms_to_read(const std::string& reader, const std::string& bytes) {
    const auto begin = cpu_ms();
    if (reader == "html") {
        channels::sanitize_html(bytes);
        channels::read_html(bytes);
    } else if (reader == "reply") {
        channels::email::trim_reply(bytes);
    } else if (reader == "rtf") {
        channels::email::read_rtf(bytes);
    } else if (reader == "json") {
        (void)outside_json(bytes);
        (void)outside_json(bytes, {}, json_manner::mended);
    } else {
        (void)channels::normalize(reader, {}, {.body = bytes, .content_type = {}, .headers = {}, .query = {}});
    }
    return cpu_ms() - begin;
}

} // namespace switchboard::test
