import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/style/tokens.css', 'utf8') // from console/, where vitest runs
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? '', { light: light ?? '', dark: dark ?? '' }],
  ),
)
type Scheme = 'light' | 'dark'
const of = (name: string, scheme: Scheme) => {
  const token = tokens.get(name)
  if (!token) throw new Error(`There is no token ${name}`)
  return token[scheme]
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['canvas', 'surface', 'selected', 'note']
const worst = (name: string, scheme: Scheme, on = grounds) =>
  Math.min(...on.map((ground) => contrast(of(name, scheme), of(ground, scheme))))

describe('the colours', () => {
  // The ratios that CONSOLE.md 10 promises on the worst of the four grounds.
  const promised: [string, number, number][] = [
    ['text', 13.9, 10.6],
    ['muted', 5.4, 5.8],
    ['accent', 5.2, 6.0],
    ['note-ink', 7.0, 9.0],
    ['danger', 5.5, 6.3],
    ['warn', 5.8, 7.1],
    ['ok', 5.7, 7.1],
    ['control', 3.3, 3.6],
  ]
  it.each(promised)('%s is as readable as promised', (name, light, dark) => {
    expect(worst(name, 'light')).toBeGreaterThanOrEqual(light - 0.1)
    expect(worst(name, 'dark')).toBeGreaterThanOrEqual(dark - 0.1)
  })

  it.each(['light', 'dark'] as const)(
    'writing on the accent and in raised layers is readable (%s)',
    (scheme) => {
      expect(worst('on-accent', scheme, ['accent'])).toBeGreaterThanOrEqual(scheme === 'light' ? 6.15 : 8.75)
      for (const name of ['text', 'muted', 'accent', 'note-ink', 'danger', 'warn', 'ok'])
        expect(worst(name, scheme, ['raised'])).toBeGreaterThanOrEqual(4.5)
      expect(worst('control', scheme, ['raised'])).toBeGreaterThanOrEqual(3)
    },
  )
})
