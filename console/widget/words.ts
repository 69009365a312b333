// What the widget says itself. A page chooses with data-language, else by its own lang attribute, else the browser.

const en = {
  title: 'Chat with us',
  open: 'Open chat',
  close: 'Close chat',
  greeting: 'Hello! How can we help you?',
  write: 'Your message',
  send: 'Send',
  name: 'Name (optional)',
  email: 'E-mail (optional)',
  sending: 'sending…',
  failed: 'not sent',
  again: 'Try again',
  read: 'read',
  you: 'You',
  us: 'Support',
  typing: '{} is typing…',
  with: 'You are chatting with {}',
  connecting: 'Connecting…',
  offline: 'You are offline. Your messages are sent when you are back.',
  ended: 'This chat has ended. Write to begin a new one.',
  unread: '{} new',
}

export type words = typeof en

const de: words = {
  title: 'Chat mit uns',
  open: 'Chat öffnen',
  close: 'Chat schließen',
  greeting: 'Hallo! Wie können wir Ihnen helfen?',
  write: 'Ihre Nachricht',
  send: 'Senden',
  name: 'Name (freiwillig)',
  email: 'E-Mail (freiwillig)',
  sending: 'wird gesendet…',
  failed: 'nicht gesendet',
  again: 'Noch einmal',
  read: 'gelesen',
  you: 'Sie',
  us: 'Support',
  typing: '{} schreibt…',
  with: 'Sie chatten mit {}',
  connecting: 'Verbindung wird aufgebaut…',
  offline: 'Sie sind offline. Ihre Nachrichten werden gesendet, sobald Sie zurück sind.',
  ended: 'Dieser Chat ist beendet. Schreiben Sie, um einen neuen zu beginnen.',
  unread: '{} neu',
}

const fr: words = {
  title: 'Discutez avec nous',
  open: 'Ouvrir le chat',
  close: 'Fermer le chat',
  greeting: 'Bonjour ! Comment pouvons-nous vous aider ?',
  write: 'Votre message',
  send: 'Envoyer',
  name: 'Nom (facultatif)',
  email: 'E-mail (facultatif)',
  sending: 'envoi…',
  failed: 'non envoyé',
  again: 'Réessayer',
  read: 'lu',
  you: 'Vous',
  us: 'Assistance',
  typing: '{} écrit…',
  with: 'Vous discutez avec {}',
  connecting: 'Connexion…',
  offline: 'Vous êtes hors ligne. Vos messages partiront à votre retour.',
  ended: 'Cette discussion est terminée. Écrivez pour en commencer une autre.',
  unread: '{} nouveau(x)',
}

const all: Record<string, words> = { en, de, fr }

export function words_for(language: string): words {
  return all[language.slice(0, 2).toLowerCase()] ?? en
}

export function fill(text: string, value: string | number): string {
  return text.replace('{}', String(value))
}
