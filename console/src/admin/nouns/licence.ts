import type { NounWords, Schemas } from '../noun'

export const licenceWords: NounWords<Schemas['licence']> = {
  about: 'What an agent may do, where and until when. Nothing and nobody relaxes a licence.',
}
