import type { NounWords, Schemas } from '../noun'

export const organizationWords: NounWords<Schemas['organization']> = {
  about:
    'Companies, offices and families that customers belong to. It gives nobody sight of anybody’s tickets.',
}
