import type { NounWords, Schemas } from '../noun'

export const skillWords: NounWords<Schemas['skill']> = { about: 'What an agent can do, from 1 to 10.' }
