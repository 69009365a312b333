#pragma once

#include <switchboard/model/time.hpp>
#include <switchboard/sla/promise.hpp>

#include <nlohmann/json_fwd.hpp>
#include <pqxx/pqxx>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// The demo contact center on its way into the database: names become ids.
namespace switchboard::store::demo {

using ids = std::map<std::string, std::int64_t>;

/// Throws std::runtime_error when the name is not defined.
std::int64_t id_of(const ids& all, const std::string& name, const char* what);

struct agent {
    std::int64_t id = 0;
    std::string login, name;
    std::map<std::string, std::int64_t> skills; // level by name
    std::vector<std::string> queues, jurisdictions;
};

struct customer {
    std::int64_t id = 0;
    std::string name, language, jurisdiction, email, tel, policy;
};

struct queue_terms {
    std::int64_t id = 0;
    std::string skill; // name; empty = none
};

struct center {
    ids skills, licences, calendars, gateways; // by name
    std::map<std::string, queue_terms> queues;
    std::map<std::int64_t, sla::queue_promises> promises; // by queue
    std::map<std::string, std::int64_t> weights;          // by channel
    std::vector<agent> agents;
    std::vector<customer> customers;
};

/// Calendars, with the public holidays of this year and the next.
ids write_calendars(pqxx::transaction_base& tx, const nlohmann::json& source);
void write_targets(pqxx::transaction_base& tx, const center& c, const nlohmann::json& source);

/// What agents may do for customers, and who may authorise how much.
void write_actions(pqxx::transaction_base& tx, const nlohmann::json& kinds, const nlohmann::json& limits);

/// Skills, queues, gateways, rules, people and customers.
center write_center(pqxx::transaction_base& tx, const nlohmann::json& source, const std::string& password_hash);

/// What the customers have asked: solved, on hold, waiting.
void write_history(pqxx::transaction_base& tx, const center& to, const nlohmann::json& source, const std::string& fax);

} // namespace switchboard::store::demo
