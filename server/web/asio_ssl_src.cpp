// The one place where Asio's TLS code is compiled (BOOST_ASIO_SEPARATE_COMPILATION); the rest of Asio is in util.
#include <boost/asio/ssl/impl/src.hpp>
