import type { Simulation } from '@/api/types'

export type World = Simulation['as_is']
export type Line = World['lines'][number]
export type Hour = World['hours'][number]
export type Figure = Line['offered']
export type Difference = Simulation['differences'][number]

/** "12.3 ± 0.4": the mean and half of the 95 % interval. A dash where nothing happened. */
export function figureWords(figure: Figure, unit = 1, digits = 1): string {
  if (figure.mean === null) return '–'
  const mean = (figure.mean * unit).toFixed(digits)
  if (figure.high === null) return mean
  return `${mean} ± ${((figure.high - figure.mean) * unit).toFixed(digits)}`
}

/** Whether an interval excludes that nothing changed, and if so, for whose good. */
export function verdict(change: Figure, goodIsUp: boolean): 'better' | 'worse' | 'unclear' {
  if (change.low === null || change.high === null) return 'unclear'
  if (change.low > 0) return goodIsUp ? 'better' : 'worse'
  if (change.high < 0) return goodIsUp ? 'worse' : 'better'
  return 'unclear'
}

/** A count: few of them are told to the tenth. */
export function countWords(figure: Figure): string {
  return figureWords(figure, 1, (figure.mean ?? 0) < 100 ? 1 : 0)
}

/** With its sign, so that a change reads as one. */
export function changeWords(figure: Figure, unit = 1, digits = 1): string {
  const words = figureWords(figure, unit, digits)
  return figure.mean !== null && figure.mean > 0 ? `+${words}` : words.replace(/^-/, '−')
}

/** The least of 1, 2 and 5 times a power of ten that is not below. */
export function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 0.001)))
  return ([1, 2, 5, 10].find((step) => value <= step * power) ?? 10) * power
}

export interface Occupancy {
  name: string
  before: Figure | null
  after: Figure | null
}

/** Both worlds' agents by name; who is in one of them alone has no figure in the other. */
export function occupancies(simulation: Simulation): Occupancy[] {
  const rows = new Map<number, Occupancy>()
  for (const one of simulation.as_is.agents)
    rows.set(one.agent.id, { name: one.agent.name, before: one.occupancy, after: null })
  for (const one of simulation.changed.agents) {
    const row = rows.get(one.agent.id) ?? { name: one.agent.name, before: null, after: null }
    rows.set(one.agent.id, { ...row, after: one.occupancy })
  }
  return [...rows.values()].sort((a, b) => a.name.localeCompare(b.name))
}
