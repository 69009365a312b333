#pragma once

#include <string>

namespace switchboard::test {

/// A database of its own for one test, with every migration applied; dropped with the object. All of a test process
/// share one private cluster, started when the first is made; SWITCHBOARD_TEST_DATABASE_URL (a URL whose user may
/// create databases) names another PostgreSQL to use.
class fresh_database {
public:
    fresh_database();
    ~fresh_database();
    fresh_database(const fresh_database&) = delete;
    fresh_database& operator=(const fresh_database&) = delete;

    const std::string& url() const { return url_; }

private:
    std::string name_, url_;
};

/// The same server, another database: replaces the path of a postgresql:// URL.
std::string with_database(const std::string& url, const std::string& name);

} // namespace switchboard::test
