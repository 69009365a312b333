export type Theme = 'system' | 'light' | 'dark'

const memory = 'switchboard-look'

/** The look is remembered on this machine only so that the first paint is right; the server has the truth. */
export function applyTheme(theme: Theme, density: string): void {
  const root = document.documentElement
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
  root.dataset.density = density
  localStorage.setItem(memory, JSON.stringify({ theme, density }))
}

export function restoreTheme(): void {
  try {
    const look = JSON.parse(localStorage.getItem(memory) ?? '{}') as { theme?: string; density?: string }
    if (look.theme === 'light' || look.theme === 'dark') document.documentElement.dataset.theme = look.theme
    document.documentElement.dataset.density = look.density === 'compact' ? 'compact' : 'comfortable'
  } catch {
    localStorage.removeItem(memory)
  }
}
