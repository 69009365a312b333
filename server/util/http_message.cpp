#include <switchboard/util/http_message.hpp>
#include <switchboard/util/text.hpp>

namespace switchboard::http {
namespace {

std::string_view first(const pairs& all, std::string_view name) {
    for (const auto& [key, value] : all)
        if (key == name) return value;
    return {};
}

} // namespace

std::string_view request::header(std::string_view lower_case_name) const {
    return first(headers, lower_case_name);
}

std::string_view request::query_value(std::string_view name) const {
    return first(query, name);
}

std::string_view request::cookie(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key != "cookie") continue;
        std::string_view rest = value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const auto pair = trim(rest.substr(0, end));
            rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
            const auto equals = pair.find('=');
            if (equals != pair.npos && pair.substr(0, equals) == name) return pair.substr(equals + 1);
        }
    }
    return {};
}

} // namespace switchboard::http
