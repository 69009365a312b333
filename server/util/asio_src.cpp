#include <boost/asio/impl/src.hpp> // Asio's function bodies, compiled once for the whole server
