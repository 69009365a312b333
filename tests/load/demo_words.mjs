// What the demo's customers say. Nobody here is real.
import { readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)

/** The customers that the demo knows, from their list where it is described: others have names, too. */
const [, listed] = /^customers = \[$(.*?)^\]$/ms.exec(readFileSync(new URL('config/demo/center.toml', root), 'utf8'))
export const customers = [...listed.matchAll(/^ {2}\{ (name = .*) \},?$/gm)].map(
  ([, fields]) => Object.fromEntries([...fields.matchAll(/(\w+) = (?:'([^']*)'|"([^"]*)")/g)].map(([, key, a, b]) => [key, a ?? b])),
)

export const fax_image = readFileSync(new URL('config/demo/fax.tiff', root))

const first_names = ['Alma', 'Bjarne', 'Celeste', 'Dorian', 'Eunice', 'Farid', 'Gwen', 'Hugo', 'Ilse', 'Jasper', 'Keiko', 'Lorna', 'Milo', 'Nadja', 'Otis', 'Petra']
const last_names = ['Ashdown', 'Berglund', 'Cardew', 'Dunmore', 'Eckhart', 'Fenwick', 'Galloway', 'Holt', 'Imrie', 'Jessup', 'Kestrel', 'Lomax', 'Marlowe', 'Norcross']

export const pick = (list) => list[Math.floor(Math.random() * list.length)]
export const chance = (share) => Math.random() < share
export const between = (least, most) => least + Math.floor(Math.random() * (most - least + 1))

/** Somebody who writes for the first time. */
export function stranger() {
  const [first, last] = [pick(first_names), pick(last_names)]
  const number = between(100, 199)
  return {
    name: `${first} ${last}`,
    language: 'en',
    email: `${first}.${last}${between(1, 999)}@example.${pick(['com', 'net', 'org'])}`.toLowerCase(),
    tel: `+1${pick(['206', '305', '617', '773'])}555${String(number).padStart(4, '0')}`,
    policy: `${pick(['NY', 'CA', 'TX', 'GB', 'NJ'])}-${between(100000, 999999)}`,
  }
}

export const mails = {
  en: [
    ['Invoice {ref} looks too high', 'Hello,\n\ninvoice {ref} is {amount} more than last month and nothing has changed here. Could somebody explain it?\n\nRegards\n{name}'],
    ['Refund not here yet', 'Hi,\n\nyou promised a refund of {amount} two weeks ago for {policy}. It has not arrived. When was it sent?\n\n{name}'],
    ['App shows an error when I add a sensor', 'Hello,\n\nI get "error 52" as soon as I scan the code of the new sensor. Tried it on two phones.\n\n{name}'],
    ['Hub offline every night at two', 'The hub goes offline at two in the morning and comes back at half past. Every night since Monday. Is that on your side?\n\n{name}'],
    ['Burst pipe, what now?', 'Good morning,\n\na pipe in the kitchen burst last night, the water is off now but the floor is soaked. Policy {policy}. What do I do first?\n\n{name}'],
    ['Storm damage to the fence', 'Hi, the storm took about ten metres of fence. Is a fence part of {policy}? Photos on request.\n\n{name}'],
    ['Quote for a houseboat', 'Good afternoon,\n\ndo you insure houseboats? Ours is 18 metres, steel, moored all year. A quote would be welcome.\n\n{name}'],
    ['Adding my daughter to the policy', 'Hello, my daughter moves in with us next month. Does she have to be named in {policy}, and does the price change?\n\n{name}'],
    ['Payment by card instead of direct debit', 'Could you change {policy} to payment by card? I will give the number on the phone, not here.\n\n{name}'],
    ['Urgent: water everywhere', 'Urgent! The washing machine hose came off while we were out, water everywhere, the alarm did not go off. Policy {policy}. Please call {tel}.\n\n{name}'],
  ],
  de: [
    ['Frage zur Rechnung {ref}', 'Guten Tag,\n\nin der Rechnung {ref} steht eine Gebühr von {amount} Euro, die ich nicht kenne. Bitte erklären Sie mir den Posten.\n\nMit freundlichen Grüßen\n{name}'],
    ['Melder zeigt Störung', 'Hallo,\n\nder Rauchmelder im Flur zeigt seit heute Störung, Batterie ist voll. Was kann ich tun?\n\nViele Grüße\n{name}'],
    ['Wasserschaden im Bad, Vertrag {policy}', 'Guten Tag,\n\naus der Decke im Bad tropft es, vermutlich von oben. Wie melde ich den Schaden richtig?\n\nMit freundlichen Grüßen\n{name}'],
    ['Bitte um ein Angebot', 'Sehr geehrte Damen und Herren,\n\nwir ziehen in ein Haus von 1978, 140 Quadratmeter. Bitte machen Sie uns ein Angebot.\n\n{name}'],
  ],
  fr: [
    ['Facture {ref}', 'Bonjour,\n\nje ne retrouve pas la facture {ref} dans mon espace. Pouvez-vous me la renvoyer ?\n\nMerci\n{name}'],
    ['Capteur qui ne répond plus', 'Bonjour,\n\nle capteur de la cave ne répond plus depuis hier soir, la pile est neuve.\n\nCordialement\n{name}'],
    ['Devis pour une boutique', "Bonjour,\n\nj'ouvre une boutique de 60 mètres carrés en centre-ville. Pourriez-vous m'établir un devis ?\n\nCordialement\n{name}"],
  ],
  es: [
    ['Cobro que no reconozco', 'Buenos días:\n\nhay un cobro de {amount} que no reconozco en la póliza {policy}. ¿Qué es?\n\nGracias\n{name}'],
    ['La aplicación se cierra sola', 'Hola, la aplicación se cierra sola al abrir los avisos. Gracias, {name}'],
    ['Siniestro en el garaje', 'Buenas tardes:\n\nentró agua en el garaje con la tormenta. Póliza {policy}. ¿Qué documentos necesitan?\n\nUn saludo\n{name}'],
  ],
}

export const follow_ups = [
  'Is there any news on this?',
  'Sorry, I forgot to say: it is the flat on the second floor, not the first.',
  'Thank you, that helped. One more thing: do I have to confirm it somewhere?',
  'I have tried what you said and it is the same as before.',
  'You can reach me in the afternoon as well.',
]

export const call_notes = [
  'Asks why the invoice of this month is higher.',
  'Forgot the password for the app, no access to the old e-mail address.',
  'Hub does not connect after a power cut.',
  'Wants to report damage to the cellar door after a break-in.',
  'Needs a quote for a second home.',
  'Would like the refund to another bank account.',
  'Asks what the adjuster will want to see on Thursday.',
  'Smoke alarm chirps at night, urgent, has small children.',
  'Kunde fragt nach der Rechnung, bitte Rückruf auf Deutsch.',
  'Cliente pregunta por su reembolso, por favor llamar por la tarde.',
]

export const chats = [
  ['Hi there', 'my hub has been offline since this morning', 'the light at the front is orange', 'I already unplugged it'],
  ['hello, quick question', 'is theft from the car covered if it stands in the drive?', 'ok thanks'],
  ['I was charged twice this month', 'policy {policy}', 'both on the 3rd, same amount'],
  ['Hallo', 'ich komme nicht mehr in die App, Passwort stimmt aber', 'auf dem Tablet geht es'],
  ['Bonjour, mon capteur est hors ligne', 'depuis hier soir environ', 'la pile est neuve'],
  ['how do I report a claim?', 'a window broke in the storm', 'do I need photos before the glazier comes?'],
  ['what would it cost to add my bike', 'worth about 3,200', 'it is locked in the cellar at night'],
]

export function fill(text, who) {
  const values = { ...who, ref: between(60000, 99999), amount: `${between(12, 380)}.${between(10, 99)}` }
  return text.replace(/\{(\w+)\}/g, (all, key) => values[key] ?? all)
}
