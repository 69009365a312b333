#include "fuzz/channels/records_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    // The image itself, or a form that brings it.
    check_records("fax", bytes_of(data, size));
    check_records("fax", "--b\r\n" + std::string(bytes_of(data, size)), "multipart/form-data; boundary=b");
    return 0;
}
