#include "fuzz/channels/records_check.hpp"

#include <switchboard/channels/sns.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    const std::string input{bytes_of(data, size)};
    check_records("ses", input);
    // Read before anything of it is believed: it must lead nowhere but to Amazon.
    const auto errand = sns_errand_of({}, {.body = input, .content_type = {}, .headers = {}, .query = {}});
    if (errand && !errand->certificate.empty() && !is_sns_certificate_address(errand->certificate)) __builtin_trap();
    if (errand && !errand->confirmation.empty() && !is_sns_address(errand->confirmation)) __builtin_trap();
    return 0;
}
