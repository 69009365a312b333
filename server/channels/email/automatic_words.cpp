#include "channels/email/automatic_words.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace switchboard::channels::email {
namespace {

constexpr std::size_t longest_opening = 80, longest_acknowledgement = 2000; // bytes

// As Exchange, Outlook.com, Gmail, Notes and Zimbra write them; lower-case.
constexpr std::string_view away_openings[]{"automatic reply",
                                           "auto reply",
                                           "autoreply",
                                           "auto-reply",
                                           "auto response",
                                           "automatic response",
                                           "out of office",
                                           "out of the office",
                                           "out-of-office",
                                           "automatische antwort",
                                           "abwesenheitsnotiz",
                                           "abwesenheitsmeldung",
                                           "abwesenheitsassistent",
                                           "réponse automatique",
                                           "absence du bureau",
                                           "absent du bureau",
                                           "respuesta automática",
                                           "fuera de la oficina",
                                           "risposta automatica",
                                           "fuori sede",
                                           "resposta automática",
                                           "ausência temporária",
                                           "fora do escritório",
                                           "automatisch antwoord",
                                           "afwezigheidsbericht",
                                           "afwezigheidsassistent",
                                           "niet aanwezig",
                                           "automatiskt svar",
                                           "autosvar",
                                           "frånvaro",
                                           "automatisk svar",
                                           "ikke til stede",
                                           "fravær",
                                           "fraværsmelding",
                                           "automaattinen vastaus",
                                           "poissa",
                                           "odpowiedź automatyczna",
                                           "automatyczna odpowiedź",
                                           "autoodpowiedź",
                                           "poza biurem",
                                           "automatická odpověď",
                                           "automatická odpoveď",
                                           "mimo kancelář",
                                           "automatikus válasz",
                                           "házon kívül",
                                           "răspuns automat",
                                           "автоматичен отговор",
                                           "автоматический ответ",
                                           "автоответ",
                                           "автоматична відповідь",
                                           "аутоматски одговор",
                                           "automatski odgovor",
                                           "samodejni odgovor",
                                           "automaatvastus",
                                           "automātiska atbilde",
                                           "automatinis atsakymas",
                                           "resposta automàtica",
                                           "αυτόματη απάντηση",
                                           "otomatik yanıt",
                                           "otomatik cevap",
                                           "תשובה אוטומטית",
                                           "מענה אוטומטי",
                                           "رد تلقائي",
                                           "الرد التلقائي",
                                           "自動応答",
                                           "自动答复",
                                           "自动回复",
                                           "自動回覆",
                                           "自動答覆",
                                           "자동 회신",
                                           "자동 응답",
                                           "ตอบกลับอัตโนมัติ",
                                           "trả lời tự động",
                                           "balasan otomatis"};

constexpr std::string_view receipts[]{"has been received and is being reviewed",
                                      "your request has been received",
                                      "your message has been received",
                                      "your email has been received",
                                      "your e-mail has been received",
                                      "we have received your request",
                                      "we have received your message",
                                      "we have received your email",
                                      "we have received your e-mail",
                                      "we have received your enquiry",
                                      "we have received your inquiry",
                                      "we've received your request",
                                      "we've received your message",
                                      "we've received your email",
                                      "ticket has been created",
                                      "request has been created",
                                      "case has been created",
                                      "ticket has been opened",
                                      "ticket was created",
                                      "this is an automated response",
                                      "this is an automated reply",
                                      "this is an automatic response",
                                      "this is an automatic reply",
                                      "automatic confirmation",
                                      "ihre anfrage ist bei uns eingegangen",
                                      "ihre nachricht ist bei uns eingegangen",
                                      "ihre anfrage ist eingegangen",
                                      "haben ihre anfrage erhalten",
                                      "haben ihre nachricht erhalten",
                                      "automatische eingangsbestätigung",
                                      "nous avons bien reçu votre",
                                      "votre demande a bien été",
                                      "hemos recibido su",
                                      "hemos recibido tu",
                                      "abbiamo ricevuto la tua richiesta",
                                      "abbiamo ricevuto la sua richiesta",
                                      "wij hebben uw bericht ontvangen",
                                      "we hebben je bericht ontvangen",
                                      "recebemos a sua",
                                      "recebemos sua"};

} // namespace

bool is_away_subject(std::string_view subject) {
    const auto text = lower_utf8(truncate_utf8(trim(subject), longest_opening));
    for (const auto opening : away_openings) {
        if (!text.starts_with(opening)) continue;
        auto rest = std::string_view{text}.substr(opening.size());
        while (rest.starts_with(' ') || rest.starts_with("\xC2\xA0")) rest.remove_prefix(rest[0] == ' ' ? 1 : 2);
        // The opening stands alone, or before what it answers: "Automatic reply to your order" is a sentence.
        if (rest.empty() || rest.starts_with(':') || rest.starts_with("：") || rest.starts_with('(') ||
            rest.starts_with("- ") || rest.starts_with("re:"))
            return true;
    }
    return false;
}

bool is_acknowledgement(std::string_view words) {
    if (words.size() > longest_acknowledgement) return false;
    auto text = lower_utf8(words);
    std::ranges::replace(text, '\n', ' ');
    return std::ranges::any_of(receipts, [&](std::string_view receipt) { return text.contains(receipt); });
}

} // namespace switchboard::channels::email
