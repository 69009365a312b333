/** "Firefox on Linux": what a browser says of itself, as far as a person cares. Whatever it is, it is short. */
export function browserOf(userAgent: string): string {
  const name =
    [
      ['Edg/', 'Edge'],
      ['OPR/', 'Opera'],
      ['Firefox/', 'Firefox'],
      ['Chrome/', 'Chrome'],
      ['Safari/', 'Safari'],
    ].find(([mark]) => userAgent.includes(mark as string))?.[1] ?? ''
  const system =
    [
      ['Android', 'Android'],
      ['iPhone', 'iPhone'],
      ['iPad', 'iPad'],
      ['Windows', 'Windows'],
      ['Mac OS', 'macOS'],
      ['Linux', 'Linux'],
    ].find(([mark]) => userAgent.includes(mark as string))?.[1] ?? ''
  if (name && system) return `${name} on ${system}`
  return name || system || userAgent.slice(0, 40) || 'unknown'
}
