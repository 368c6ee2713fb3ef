// The parts that a page has, so that what is told at its head links to nothing that is not there.

/** Headings by id, in the order of the page. */
export type Anchors = ReadonlyMap<string, string>

export interface Anchor {
  readonly href: string
  readonly heading: string
}

/** Of views with an id and a heading; others cannot be linked to. */
export function anchorsOf(views: readonly object[]): Anchors {
  return new Map(
    views.flatMap((view) => {
      const { id, heading } = view as { id?: unknown; heading?: unknown }
      return typeof id === 'string' && typeof heading === 'string' ? [[id, heading] as const] : []
    }),
  )
}

/** The first of these parts that the page has. */
export function anchorOf(ids: readonly string[], anchors: Anchors): Anchor | null {
  const id = ids.find((candidate) => anchors.has(candidate))
  return id === undefined ? null : { href: `#${id}`, heading: anchors.get(id) ?? '' }
}

/** The anchor that a heading has where Markdown is shown: lower case, spaces as hyphens, no other signs. */
export function markdownAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\- _]/gu, '')
    .replaceAll(' ', '-')
}
