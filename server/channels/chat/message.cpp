#include "channels/chat/message.hpp"

#include <switchboard/util/hash.hpp>

#include "channels/form.hpp"
#include "channels/records.hpp"

#include <nlohmann/json.hpp>

namespace switchboard::channels {

namespace {

attachment read_file(json_fields& file, const std::string& encoded) {
    std::string bytes;
    if (!base64_decode(encoded, bytes)) file.fail("content", "must be base64");
    auto type = media_type(file.text("type"));
    return make_attachment(file.text("name"), type.empty() ? "application/octet-stream" : type, std::move(bytes));
}

} // namespace

chat_files read_files(json_fields& in, const limits& bounds) {
    chat_files files;
    std::size_t total = 0;
    for (auto& file : in.objects("attachments", bounds.parts)) {
        const auto encoded = file.text("content");
        if (encoded.empty() && !file.text("url").empty()) {
            file.text("name");
            file.text("type");
            files.links.push_back(file);
            continue;
        }
        if (encoded.empty()) file.fail("content", "content or url is required");
        files.content.push_back(read_file(file, encoded));
        total += files.content.back().content.size();
        if (total > bounds.message_bytes) file.fail("content", "the attachments are too large");
        if (in.error()) break;
    }
    return files;
}

} // namespace switchboard::channels
