#include "channels/email/reply_marks.hpp"

#include <switchboard/util/text.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace switchboard::channels::email {
namespace {

using list = std::string_view;

// Words that begin an attribution; a date follows.
constexpr list openings[]{"on ",   "am ",     "le ",      "el ",        "il ",     "op ",   "em ",    "den ",  "dne ",
                          "dnia ", "w dniu ", "in data ", "at ",        "a ",      "på ",   "pe ",    "ma ",   "ti ",
                          "в ",    "вт, ",    "在 ",      "il giorno ", "dňa ",    "στις ", "Στις ",  "ngày ", "pada ",
                          "vào ",  "dana ",   "li ",      "u ",         "בתאריך ", "في ",   "el dia "};
// Verbs that end one, or stand in it before the date.
constexpr list endings[]{"wrote:",         "writes:",      "wrote",          "schrieb:",
                         "geschrieben:",   "a écrit :",    "a écrit:",       "a écrit\xC2\xA0:",
                         "escribió:",      "escribio:",    "ha scritto:",    "scrive:",
                         "schreef:",       "geschreven:",  "escreveu:",      "napisał:",
                         "napisał(a):",    "napisała:",    "napsal(a):",     "napsal:",
                         "skrev:",         "skrev",        "kirjoitti:",     "пишет:",
                         "написал:",       "написал(а):",  "написала:",      "写道：",
                         "写道:",          "寫道：",       "寫道:",          "のメール:",
                         "yazdı:",         "a scris:",     "írta:",          "작성:",
                         "έγραψε:",        "пише:",        "написав:",       "написала:",
                         "написа:",        "napísal(a):",  "napísal:",       "đã viết:",
                         "menulis:",       "va escriure:", "je napisao:",    "je napisala:",
                         "je napisao/la:", "je napisal:",  "je napisal(a):", "kirjutas:",
                         "rašė:",          "rakstīja:",    "skrifaði:",      "כתב:",
                         "כתבה:",          "كتب:"};
constexpr std::array<list, 8> inner_verbs{" schrieb am ", " skrev den ", " schreef op ", " skrev ",
                                          " wrote on ",   " kirjoitti ", " pisze: ",     " a écrit le "};

// Verbs between a date and a name.
constexpr std::array<list, 5> date_first_verbs{" schrieb ", " schreef ", " skrev ", " pisze:", " napisał "};

constexpr list from_fields[]{"from",      "von",     "de",        "da",         "van",       "från",     "fra",
                             "lähettäjä", "od",      "от",        "发件人",     "寄件者",    "寄件人",   "差出人",
                             "보낸 사람", "kimden",  "feladó",    "expéditeur", "remitente", "mittente", "afzender",
                             "de la",     "od kogo", "від",       "από",        "מאת",       "من",       "보낸사람",
                             "送信者",    "寄件者",  "expediteur"};
constexpr list subject_fields[]{"subject", "betreff", "objet",   "asunto", "assunto", "oggetto", "onderwerp",
                                "ämne",    "emne",    "aihe",    "temat",  "тема",    "主题",    "件名",
                                "主旨",    "předmět", "konu",    "sujet",  "tárgy",   "subiect", "θέμα",
                                "제목",    "נושא",    "الموضوع", "predmet"};
constexpr list other_fields[]{"sent",          "to",         "cc",         "date",        "reply-to",
                              "importance",    "gesendet",   "an",         "datum",       "kopie",
                              "antwort an",    "envoyé",     "envoyé le",  "à",           "enviado",
                              "enviada em",    "enviado el", "para",       "data",        "fecha",
                              "inviato",       "a",          "verzonden",  "aan",         "skickat",
                              "till",          "sendt",      "til",        "lähetetty",   "vastaanottaja",
                              "wysłano",       "do",         "wysłane",    "отправлено",  "кому",
                              "дата",          "копия",      "发送时间",   "收件人",      "抄送",
                              "日期",          "送信日時",   "宛先",       "寄件日期",    "收件者",
                              "odesláno",      "komu",       "gönderildi", "trimis",      "message du",
                              "copie à",       "envoyé par", "küldve",     "címzett",     "kime",
                              "tarih",         "către",      "στάλθηκε",   "προς",        "보낸 날짜",
                              "받는 사람",     "날짜",       "נשלח",       "אל",          "תאריך",
                              "تم الإرسال",    "إلى",        "التاريخ",    "dato",        "надіслано",
                              "poslano",       "za",         "cópia",      "enviado por", "envoi",
                              "data wysłania", "päivämäärä", "kopia",      "skickat den", "inviata",
                              "时间",          "時間",       "傳送時間",   "副本"};

constexpr list original_marks[]{
    "original message",       "original-nachricht",      "ursprüngliche nachricht", "originalnachricht",
    "message d'origine",      "message original",        "mensaje original",        "messaggio originale",
    "oorspronkelijk bericht", "mensagem original",       "original meddelelse",     "oprindelig meddelelse",
    "originalmeddelande",     "ursprungligt meddelande", "opprinnelig melding",     "alkuperäinen viesti",
    "wiadomość oryginalna",   "reply message",           "mensaje original",        "eredeti üzenet",
    "původní zpráva",         "pôvodná správa",          "orijinal mesaj",          "mesaj original",
    "mesajul original",       "izvorna poruka",          "oryginalna wiadomość",    "message d'origine",
    "message initial",        "original besked",         "oprindelig besked"};
constexpr list more_original_marks[]{
    "исходное сообщение", "原始邮件",  "原始郵件",      "元のメッセージ", "original email", "оригінальне повідомлення",
    "원본 메시지",        "원본 메일", "αρχικό μήνυμα", "הודעה מקורית",   "الرسالة الأصلية"};

constexpr std::array<list, 16> forward_marks{"forwarded message",
                                             "forwarded by",
                                             "weitergeleitete nachricht",
                                             "message transféré",
                                             "message transmis",
                                             "mensaje reenviado",
                                             "messaggio inoltrato",
                                             "doorgestuurd bericht",
                                             "mensagem encaminhada",
                                             "vidarebefordrat",
                                             "videresendt",
                                             "välitetty viesti",
                                             "przekazana wiadomość",
                                             "пересылаемое сообщение",
                                             "转发的邮件",
                                             "転送されたメッセージ"};

constexpr list device_openings[]{
    "sent from my ",     "sent from outlook", "sent from mail for ", "sent from yahoo mail",
    "sent from samsung", "sent via ",         "get outlook for ",    "sent with ",
    "envoyé de mon ",    "envoyé depuis ",    "envoyé à partir de ", "gesendet von ",
    "gesendet mit der ", "enviado desde mi ", "enviado desde ",      "enviado do meu ",
    "inviato da ",       "inviato dal mio ",  "verstuurd vanaf ",    "verzonden vanaf ",
    "skickat från ",     "sendt fra min ",    "отправлено с ",       "发自我的"};
constexpr list more_device_openings[]{"wysłano z ",
                                      "wysłane z ",
                                      "lähetetty ",
                                      "sendt fra ",
                                      "从我的",
                                      "発信元: ",
                                      "gönderen: ",
                                      "odesláno z",
                                      "надіслано з ",
                                      "αποστολή από ",
                                      "나의 ",
                                      "從我的",
                                      "küldve az",
                                      "télécharger outlook",
                                      "obtenir outlook",
                                      "obtenez outlook",
                                      "outlook für ",
                                      "holen sie sich outlook",
                                      "laden sie outlook",
                                      "get bluemail",
                                      "descargar outlook",
                                      "obtener outlook",
                                      "scarica outlook",
                                      "obter o outlook",
                                      "download outlook",
                                      "outlook voor ",
                                      "sent using ",
                                      "trimis de pe",
                                      "odoslané z",
                                      "diese nachricht wurde von mein",
                                      "enviado a través de ",
                                      "envoyé avec "};
constexpr list device_endings[]{" gesendet",  " gesendet.", "から送信", " verzonden.",  "mail gesendet.",
                                "gönderildi", "에서 보냄",  "傳送",     "herunterladen"};

constexpr list forwards[]{"fw:", "fwd:", "wg:", "tr:", "rv:", "i:", "vs:", "doorst:", "enc:", "vb:", "pd:", "转发"};

template <class List>
bool starts_with_any(std::string_view text, const List& list) {
    return std::ranges::any_of(list, [&](std::string_view word) { return text.starts_with(word); });
}

template <class List>
bool is_any(std::string_view text, const List& words) {
    return std::ranges::find(words, text) != std::ranges::end(words);
}

bool has_digit(std::string_view text) {
    return std::ranges::any_of(text, is_digit);
}

// Lower-case for the letters that stand at the start of the words above; other scripts have no case or do not need it.
std::string fold(std::string_view text) {
    std::string out = lower_ascii(text);
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto lead = static_cast<unsigned char>(out[i]);
        const auto next = static_cast<unsigned char>(out[i + 1]);
        if (lead == 0xC3 && next >= 0x80 && next <= 0x9E) out[i + 1] = static_cast<char>(next + 0x20);
        if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) out[i + 1] = static_cast<char>(next + 0x20);
        if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) {
            out[i] = '\xD1';
            out[i + 1] = static_cast<char>(next - 0x20);
        }
    }
    return out;
}

bool ends_with_colon(std::string_view text) {
    return text.ends_with(':') || text.ends_with("：") || text.ends_with(":*");
}

// "2016-03-03 17:21 GMT+01:00 Some One", where Gmail left out the rest.
bool is_iso_attribution(std::string_view text) {
    if (text.size() < 20 || !is_digit(text[0]) || !is_digit(text[3]) || text[4] != '-' || text[7] != '-' ||
        text[13] != ':')
        return false;
    return text.contains(" gmt");
}

// "Jane Doe <jane@example.com> …"
bool begins_with_mailbox(std::string_view text) {
    const auto bracket = text.find('<');
    return bracket <= 60 && !text.substr(0, bracket).contains(". ");
}

bool has_time(std::string_view text) {
    for (auto colon = text.find(':'); colon != std::string_view::npos; colon = text.find(':', colon + 1))
        if (colon > 0 && is_digit(text[colon - 1]) && colon + 1 < text.size() && is_digit(text[colon + 1])) return true;
    return false;
}

} // namespace

bool may_begin_attribution(std::string_view line) {
    // Every attribution begins with a date or holds an address: most lines end here, before anything is copied.
    if (std::ranges::none_of(line, [](char c) { return is_digit(c) || c == '<' || c == '@'; })) return false;
    const std::string text = fold(trim(line).substr(0, 200));
    if (text.empty()) return false;
    if (text.starts_with("---- on ")) return true;
    if (has_digit(text) && (is_digit(text.front()) || starts_with_any(text, openings))) return true;
    if (text.contains('<') || text.contains('@')) return true;
    // "tir. 18. apr. 2017 kl. 13:09", "pe 20. lokakuuta 2017 klo 17.50"
    return text.size() > 8 && has_digit(text.substr(0, 12)) && text.find_first_of(".: ") < 8;
}

bool may_end_attribution(std::string_view line) {
    const auto text = trim(line);
    if (ends_with_colon(text)) return true;
    if (text.size() < 5 || !std::string_view("eEvV").contains(text.back())) return false;
    const auto verb = lower_ascii(text.substr(text.size() - 5));
    return verb == "wrote" || verb == "skrev";
}

bool needs_no_verb(std::string_view line) {
    const auto text = trim(line);
    return text.starts_with("----") || (text.size() > 4 && is_digit(text[0]) && text[4] == '-');
}

bool is_attribution(std::string_view joined) {
    if (!needs_no_verb(joined) && !may_end_attribution(joined)) return false;
    const std::string text = fold(trim(joined));
    if (text.size() > 400) return false;
    if (text.starts_with("---- on ") && text.contains(" wrote ---")) return true;
    if (is_iso_attribution(text)) return true;
    const bool mailbox = text.contains('@');
    const bool dated = has_digit(text);
    if (!mailbox && !dated) return false;
    for (const auto ending : endings) {
        if (!text.ends_with(ending)) continue;
        const bool colon = ends_with_colon(text);
        const bool opens = starts_with_any(text, openings) || is_digit(text.front());
        // Without a colon, or an opening, it takes a name and an address to tell it from a sentence.
        if ((colon && opens && dated) || (mailbox && ((colon && begins_with_mailbox(text)) || opens))) return true;
        // "tir. 18. apr. 2017 kl. 13:09 skrev Jane:"
        if (colon && has_time(text) && has_digit(std::string_view(text).substr(0, 12))) return true;
    }
    if (!ends_with_colon(text)) return false;
    // "Am 02.05.2016 um 10:00 schrieb Jane Doe:"
    if (has_time(text) && starts_with_any(text, openings) &&
        std::ranges::any_of(date_first_verbs, [&](std::string_view verb) { return text.contains(verb); }))
        return true;
    if (dated && mailbox &&
        std::ranges::any_of(inner_verbs, [&](std::string_view verb) { return text.contains(verb); }))
        return true;
    if (dated && text.contains(" schreef ") && text.ends_with(" het volgende:")) return true;
    // "30.09.2017, 18.30, "Jane" <jane@example.com>:"
    return mailbox && dated && (has_time(text) || is_digit(text.front()) || starts_with_any(text, openings)) &&
           (text.ends_with(">:") || text.ends_with("> :") || text.ends_with(">："));
}

quoted_field quoted_field_of(std::string_view line) {
    line = trim(line);
    while (line.starts_with('*')) line.remove_prefix(1);
    auto end = line.find(':');
    const auto wide = line.find("：");
    end = std::min(end, wide);
    if (end > 40) return quoted_field::none; // or there is none
    std::string name = fold(trim(line.substr(0, end)));
    while (name.ends_with('*') || name.ends_with(' ')) name.pop_back();
    if (name.ends_with("\xC2\xA0")) name.resize(name.size() - 2);
    if (is_any(name, from_fields)) return quoted_field::from;
    if (is_any(name, subject_fields)) return quoted_field::subject;
    return is_any(name, other_fields) ? quoted_field::other : quoted_field::none;
}

bool is_original_message_mark(std::string_view line) {
    if (trim(line).find_first_not_of("-_*> ") < 3) return false;
    std::string text = fold(trim(line));
    const auto dashes = std::min(text.find_first_not_of("-_*> "), text.size());
    if (dashes < 3 || text.size() > 120) return false;
    text.erase(0, dashes);
    while (text.ends_with('-') || text.ends_with(' ') || text.ends_with('_')) text.pop_back();
    return is_any(text, original_marks) || is_any(text, more_original_marks);
}

bool is_forward_mark(std::string_view line) {
    if (!trim(line).starts_with("--") && (line.empty() || !std::string_view("bBaA").contains(line.front())))
        return false;
    const auto words = trim(line);
    if (words.size() > 120) return false;
    const auto start = lower_ascii(words.substr(0, 7)); // which says it of nearly every line
    if (!start.starts_with("--") && !start.starts_with("begin ") && start != "anfang ") return false;
    const std::string text = fold(words);
    return std::ranges::any_of(forward_marks, [&](std::string_view mark) { return text.contains(mark); });
}

bool is_device_line(std::string_view line) {
    line = trim(line);
    if (line.empty() || line.size() > 160) return false;
    int spaces = 0;
    for (const char c : line)
        if (c == ' ' && ++spaces > 12) return false; // nearly every line
    const std::string text = fold(line);
    const auto words = std::ranges::count(text, ' ') + 1;
    if (std::ranges::any_of(device_endings, [&](std::string_view ending) { return text.ends_with(ending); }))
        return words <= 12 && (text.starts_with("von mei") || text.starts_with("diese nachricht") ||
                               text.starts_with("iphone") || text.ends_with("から送信") ||
                               text.ends_with("gönderildi") || text.ends_with("에서 보냄") || text.ends_with("傳送"));
    if (!starts_with_any(text, device_openings) && !starts_with_any(text, more_device_openings)) return false;
    // "Sent from my desk, is much easier then my mobile." is a sentence.
    return words <= 10 && !text.contains(", ") && !(text.ends_with('.') && words > 6);
}

bool is_forward_subject(std::string_view subject) {
    return starts_with_any(fold(trim(subject)), forwards);
}

} // namespace switchboard::channels::email
