#include "app/database_place.hpp"

#include <filesystem>
#include <fstream>

namespace switchboard::app {

namespace fs = std::filesystem;

database_place::database_place(const config& c, bool join) {
    if (!c.database_url.empty()) {
        url_ = c.database_url;
        return;
    }
    // Whoever runs the private PostgreSQL leaves its address beside it, for those who join.
    const auto address = fs::path{c.database_folder} / "url";
    try {
        own_ = std::make_unique<store::cluster>(c.database_folder);
    } catch (const store::cluster_error&) {
        std::ifstream file{address};
        if (!join || !std::getline(file, url_)) throw;
        return;
    }
    url_ = own_->url();
    std::ofstream{address, std::ios::trunc} << url_ << '\n';
}

} // namespace switchboard::app
