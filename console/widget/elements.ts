// Elements of the window.

export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string>,
  children: (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

export function drawing(path: string, size: number): SVGElement {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: `${size}`,
    height: `${size}`,
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '2',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  }))
    svg.setAttribute(name, value)
  const line = document.createElementNS(space, 'path')
  line.setAttribute('d', path)
  svg.append(line)
  return svg
}

/** Web addresses become links; everything else stays text, whatever it looks like. */
export function linked(text: string): (Node | string)[] {
  return text
    .split(/(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]])/)
    .map((part, i) => (i % 2 === 1 ? link(part, part) : part))
    .filter((part) => part !== '')
}

function link(url: string, text: string): Node {
  return make('a', { href: url, target: '_blank', rel: 'noopener noreferrer' }, [text])
}
