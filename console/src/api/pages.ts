interface Page<T> {
  items: T[]
  next?: string | null
}

/** Every item of a list, page after page. */
export async function whole<T>(
  page: (part: { params: { query: { limit: number; after?: string } } }) => Promise<Page<T>>,
): Promise<T[]> {
  const out: T[] = []
  let after: string | null | undefined
  do {
    const part = await page({ params: { query: after ? { limit: 200, after } : { limit: 200 } } })
    out.push(...part.items)
    after = part.next
  } while (after)
  return out
}
