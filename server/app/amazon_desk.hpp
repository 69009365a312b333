#pragma once

#include <switchboard/intake/outside.hpp>
#include <switchboard/util/config.hpp>
#include <switchboard/web/amazon.hpp>
#include <switchboard/web/signing_keys.hpp>

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
    web::amazon amazon_;
    web::signing_keys keys_;
};

} // namespace switchboard::app
