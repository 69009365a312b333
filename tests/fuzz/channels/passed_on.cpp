#include "fuzz/channels/records_check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    using namespace switchboard::channels;
    // Passed on by a colleague, or by a group of ours: what stands before lets the fuzzer in, the rest is its own.
    gateway_settings settings;
    settings.own_addresses = {"desk@ours.example"};
    settings.groups = {"crew.ours.example"};
    settings.forwarders = {"amira@ours.example"};
    settings.authserv_ids = {"mx.ours.example"};
    const bool forwarded = size > 0 && (data[0] & 1U) != 0;
    const std::string mail = (forwarded ? "From: amira@ours.example\r\nSubject: Fwd: x\r\n"
                                        : "From: \"x via desk\" <desk@ours.example>\r\nList-Id: ") +
                             std::string(bytes_of(data, size));
    check_records("email", mail, {}, {}, settings);
    return 0;
}
