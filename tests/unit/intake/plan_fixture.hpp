#pragma once

#include "intake/plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace switchboard::intake {

using namespace std::chrono_literals;

constexpr std::int64_t mail_gateway = 1, phone_gateway = 2, chat_gateway = 3, fax_gateway = 4, widget_gateway = 5,
                       second_mailbox = 6;
constexpr std::int64_t support = 10, billing = 20, asleep = 30;
constexpr timestamp noon{std::chrono::sys_days{std::chrono::year{2026} / 11 / 21} + 12h};

inline intake_config center() {
    intake_config c;
    const auto gateway = [&](std::int64_t id, std::string kind, std::int64_t queue) {
        intake_gateway g;
        g.id = id;
        g.name = kind + std::to_string(id);
        g.kind = std::move(kind);
        g.queue_id = queue;
        c.gateways.emplace(id, std::move(g));
    };
    gateway(mail_gateway, "email", support);
    gateway(phone_gateway, "phone", support);
    gateway(chat_gateway, "chat", support);
    gateway(fax_gateway, "fax", billing);
    gateway(widget_gateway, "widget", support);
    gateway(second_mailbox, "email", billing);
    const auto queue = [&](std::int64_t id, std::string name, bool active) {
        switchboard::queue q;
        q.id = id;
        q.name = std::move(name);
        q.thread_window_s = 3600;
        q.sla_target_s = 600;
        q.active = active;
        c.queues.emplace(id, std::move(q));
        c.promises[id] = {{}, sla::promises_of("queue v1", 600, {})};
    };
    queue(support, "Support", true);
    queue(billing, "Billing", true);
    queue(asleep, "Asleep", false);
    c.queues.at(billing).skills = {{7, 3}};
    return c;
}

inline inbound_contact mail(std::string external_id, std::string from = "ada@example.com") {
    inbound_contact c;
    c.channel = "email";
    c.external_id = std::move(external_id);
    c.mail.message_id = c.external_id;
    c.from = {"email", std::move(from), "Ada"};
    c.subject = "A question";
    c.text = c.text_reply = "How are you?";
    return c;
}

inline inbound_contact call(std::string external_id, std::string from = "+4930123456") {
    inbound_contact c;
    c.channel = "phone";
    c.external_id = c.thread_key = std::move(external_id);
    if (!from.empty()) c.from = {"tel", std::move(from), ""};
    c.subject = "Call";
    return c;
}

inline inbound_contact message(std::string session, std::string id) {
    inbound_contact c;
    c.channel = "chat";
    c.thread_key = session;
    c.external_id = session + ":" + id;
    c.from = {"webchat", std::move(session), "Visitor"};
    c.text = c.text_reply = "Hello there";
    return c;
}

/// A group, what the database answers, and the plan of them.
class planning : public testing::Test {
protected:
    planning() {
        for (std::int64_t i = 0; i < 50; ++i) {
            answers.contact_ids.push_back(1000 + i);
            answers.ticket_ids.push_back(2000 + i);
            answers.customer_ids.push_back(3000 + i);
        }
    }

    store::intake_item& add(std::int64_t gateway, std::variant<inbound_contact, contact_event> record) {
        auto item = std::make_shared<store::intake_item>();
        item->gateway_id = gateway;
        item->record = std::move(record);
        item->received_at = noon;
        auto raw = std::make_shared<store::raw_message>();
        raw->body = "raw";
        item->raw = std::move(raw);
        group.push_back(item);
        return *item;
    }
    store::known_ticket& known(std::int64_t id, std::string state = "waiting") {
        store::known_ticket t;
        t.gateway_id = mail_gateway;
        t.summary.id = id;
        t.summary.number = std::to_string(id);
        t.summary.state = std::move(state);
        t.summary.queue = {support, "Support"};
        t.summary.customer = named{77, "Ada"};
        t.summary.last_contact_at = t.summary.enqueue_at = noon - 30min;
        if (t.summary.state == "solved") t.summary.solved_at = noon - 20min;
        if (t.summary.state == "held") t.summary.held_until = noon + 24h;
        if (t.summary.state == "active" || t.summary.state == "held" || t.summary.state == "solved")
            t.summary.owner = named{5, "Grace"};
        answers.tickets.push_back(std::move(t));
        return answers.tickets.back();
    }
    void known_customer(std::string kind, std::string value) {
        answers.customers[{std::move(kind), std::move(value)}] = {{77, "Ada"}, "de"};
    }
    store::intake_writes planned() { return plan(group, config, answers); }
    store::intake_questions questions() { return questions_of(group, config); }

    intake_config config = center();
    store::intake_group group;
    store::intake_answers answers;
};

} // namespace switchboard::intake
