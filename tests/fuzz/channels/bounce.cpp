#include "fuzz/channels/records_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    // All of it is a report: what stands before decides that, not the luck of the fuzzer.
    const std::string mail = "From: MAILER-DAEMON@mx.example\r\nTo: desk@ours.example\r\nSubject: failure notice\r\n" +
                             std::string(bytes_of(data, size));
    check_records("email", mail);
    return 0;
}
