#pragma once

#include <switchboard/channels/normalize.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace switchboard::corpora {

/// One input that is held against what others say of it.
struct verdict {
    std::string input;
    std::string difference; // empty = as expected
};

/// The inputs of one folder that have expectations, judged; empty where the folder has none.
std::vector<verdict> judge_sisimai(const std::filesystem::path& folder);       // recipients and hard or not
std::vector<verdict> judge_reply_trimmer(const std::filesystem::path& folder); // the trimmed text, exactly
std::vector<verdict> judge_talon(const std::filesystem::path& folder);         // the reply, in its letters
std::vector<verdict> judge_webhooks(const std::filesystem::path& folder);      // sender, recipients, subject, words
std::vector<verdict> judge_fax_pages(const std::filesystem::path& folder);     // pages of a TIFF

std::string read_file(const std::filesystem::path& file);

} // namespace switchboard::corpora
