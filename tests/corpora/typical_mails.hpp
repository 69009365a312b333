#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace switchboard::corpora {

struct mail_sample {
    const char* name;
    std::vector<std::string> mails;
};

/// Answers of about 10 KB as customers write them: plain, HTML, and both.
std::vector<mail_sample> typical_mails();

} // namespace switchboard::corpora
