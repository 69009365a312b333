#include "channels/email/recall.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <string>

namespace switchboard::channels::email {
namespace {

struct wording {
    std::string_view subject, text; // in small letters; the text after the name
};

constexpr wording wordings[]{
    {"recall:", "would like to recall the message"},
    {"rückruf:", "möchte die nachricht"},
    {"rappel :", "souhaite rappeler le message"},
    {"rappel:", "souhaite rappeler le message"},
    {"recuperar:", "desea recuperar el mensaje"},
    {"richiamo:", "desidera richiamare il messaggio"},
    {"intrekken:", "wil het bericht"},
    {"rechamada:", "deseja recolher a mensagem"},
    {"återkalla:", "vill återkalla meddelandet"},
    {"tilbagekald:", "vil gerne tilbagekalde meddelelsen"},
};
constexpr std::size_t longest_recall = 1000; // nobody else writes into one

} // namespace

bool is_recall(std::string_view subject, std::string_view text) {
    if (text.size() > longest_recall || !subject.contains(':')) return false;
    const auto folded_subject = lower_ascii(trim(subject)), folded_text = lower_ascii(text);
    return std::ranges::any_of(wordings, [&](const wording& w) {
        return folded_subject.starts_with(w.subject) && folded_text.contains(w.text);
    });
}

} // namespace switchboard::channels::email
