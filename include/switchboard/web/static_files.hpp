#pragma once

#include <switchboard/web/http.hpp>

#include <filesystem>
#include <optional>

namespace switchboard::web {

/// Serves a folder of built assets from memory: read once at start, ETag by content, gzip when the client takes it,
/// names with a content hash are cached for ever, everything else is revalidated.
class static_files {
public:
    explicit static_files(const std::filesystem::path& folder);

    /// The file of this path, or nothing. Never leaves the folder.
    std::optional<response> find(const request& r) const;

    /// index.html of the folder, for the routes of the browser app; nothing if the folder has none.
    std::optional<response> index(const request& r) const;

private:
    struct file;
    struct files;
    std::shared_ptr<const files> files_;
};

} // namespace switchboard::web
