import type { Availability } from '@/api/types'
import { moment } from '@/format/time'

/** What the tray says to somebody who is ready while nothing rings: whether the next offer can come, and if not, why. */
export function readyWords(mine: Availability | null, now: number): { title: string; detail: string } {
  const until = mine?.until ? moment(mine.until, now) : ''
  switch (mine?.state) {
    case 'full':
      return {
        title: 'Ready, no room for more',
        detail: 'The next offer comes when you have finished something.',
      }
    case 'cooling':
      return {
        title: `Ready, until ${until} only in part`, // the time stands where a narrow line does not cut it off
        detail: 'What you declined or missed comes again then. Anything else rings at once.',
      }
    case 'wrap_up':
      return {
        title: `In wrap-up until ${until}`,
        detail: 'The next offer comes then, or when you have done with it.',
      }
    case 'ready':
      return { title: 'Ready, nothing for you now', detail: 'The next offer appears here and rings.' }
    default: // not known yet, or other than presence says for a moment
      return { title: 'Ready', detail: 'The next offer appears here and rings.' }
  }
}
