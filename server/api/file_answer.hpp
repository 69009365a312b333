#pragma once

#include <switchboard/util/http_message.hpp>

#include <string>
#include <string_view>

/// How a stranger's bytes are served: nothing in them may run as ours.
namespace switchboard::api {

/// Content-Disposition (RFC 6266) with a file's name.
std::string disposition(bool shown, std::string_view name);

/// The headers that keep it harmless; `how` is its disposition.
http::pairs harmless(std::string how, std::string cache = "no-store");

/// A file as it was sent. `show`: in the browser's window, where its type is one that runs nothing.
http::response file_answer(std::string_view name, const std::string& type, std::string content, bool show);

} // namespace switchboard::api
