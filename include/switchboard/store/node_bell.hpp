#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace switchboard::store {

/// The bell between the nodes over one database: what one rings, all others hear within milliseconds. Only a bell: who
/// hears it looks into the event log, and who misses it looks there a second later anyway.
///
/// It is a NOTIFY. A commit that notifies takes a lock of the whole instance, so this one has a transaction, a
/// connection and a thread to itself, waits for no disk, and is sent at most every few milliseconds, and only while
/// another node listens.
class node_bell {
public:
    /// `heard` runs on `home`.
    node_bell(std::string url, boost::asio::any_io_executor home, std::function<void()> heard);
    ~node_bell(); // waits for the thread
    node_bell(const node_bell&) = delete;
    node_bell& operator=(const node_bell&) = delete;

    /// Connects, and connects anew whenever the connection breaks. Call once.
    void start();

    /// Something was committed. Cheap, any number of times, on any thread.
    void ring();

    /// Hears and sends nothing from now on. Waits for nothing.
    void stop();

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace switchboard::store
