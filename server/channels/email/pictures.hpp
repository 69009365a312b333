#pragma once

#include <switchboard/model/contact.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace switchboard::channels::email {

/// What the structure of a mail says of its attachments, by their place in the list.
struct part_places {
    std::map<std::size_t, std::string> locations; // Content-Location
    std::set<std::size_t> between;                // shown between two texts, though no page of the mail names them
};

/// A picture that stands between two texts, as HTML; it gets a Content-ID to be named by.
std::string picture_between(attachment& file, std::size_t place);

/// Says of each attachment whether the page shows it: `is_inline` is what a reader sees in the page and need not be
/// listed, and nothing else. A picture that the page names by its bare Content-ID, file name or Content-Location is
/// named by "cid:" afterwards.
void place_pictures(std::string& html, std::vector<attachment>& files, const part_places& places);

} // namespace switchboard::channels::email
