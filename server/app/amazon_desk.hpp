#pragma once

#include <switchboard/intake/outside.hpp>
#include <switchboard/outside/amazon.hpp>
#include <switchboard/outside/signing_keys.hpp>
#include <switchboard/util/config.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace switchboard::app {

/// Where intake's questions to Amazon are put.
class amazon_desk {
public:
    amazon_desk(boost::asio::any_io_executor executor, const config& c);

    /// Not beyond this object's life.
    intake::outside questions();

    void stop() { amazon_.stop(); }

private:
    outside::amazon amazon_;
    outside::signing_keys keys_;
};

} // namespace switchboard::app
