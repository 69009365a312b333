#include "fuzz/channels/records_check.hpp"

#include "channels/email/rtf.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    const std::string bytes = std::string("\x78\x9F\x3E\x22\x01\x00", 6) + std::string(bytes_of(data, size));
    check_records("email", bytes);
    if (const auto rtf = email::decompress_rtf(bytes_of(data, size))) email::read_rtf(*rtf);
    email::read_rtf(bytes_of(data, size));
    return 0;
}
