#pragma once

#include <string>
#include <string_view>
#include <switchboard/model/describe.hpp>
#include <vector>

namespace switchboard {

/// A setting of a gateway as people are asked for it.
struct gateway_setting {
    std::string name; // in `settings`; "imap.host" lies in the object `imap`
    std::string type; // text texts number yes secret choice
    std::string label;
    std::string help;
    std::string example; // what one looks like; never a value that is assumed
    std::vector<std::string> choices;
};
DESCRIBE(gateway_setting, (name, "Its name in `settings`; imap.host lies in the object imap."),
         (type, "What sort of value it is."), (label, "What people call it."), (help, "What it is for."),
         (example, "What a value looks like; it is never assumed."), (choices, "The values that can be chosen."))

/// What a gateway of this kind is, how contacts come by it, and what it may be told.
struct gateway_kind {
    std::string name;
    std::string channel;
    std::string title;
    std::string about;
    std::string door;         // where contacts are handed in; {gateway} is the gateway's name
    std::string content_type; // of `sample`; empty = its contacts are not pushed
    std::string sample;       // a test contact, as its sender would hand it in
    std::string hook;         // where a provider without a token sends; empty = there is no such way
    std::vector<gateway_setting> settings;
};
DESCRIBE(gateway_kind, (name, "Its name, which is a gateway's kind."), (channel, "The channel of its contacts."),
         (title, "What people call it."), (about, "What it is for."),
         (door, "Where its contacts are handed in; {gateway} is the gateway's name."),
         (content_type, "The media type of the sample; empty: its contacts are not pushed."),
         (sample, "A test contact as its sender would hand it in."),
         (hook, "Where a provider without a token sends; empty: there is no such way."),
         (settings, "What a gateway of this kind can be told."))

} // namespace switchboard
