#include "fuzz/channels/records_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    check_records("widget", bytes_of(data, size), {}, {{"session", "s"}});
    return 0;
}
