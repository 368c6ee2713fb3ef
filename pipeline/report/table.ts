// A table as words in cells: the page and the Markdown both show it.
import { formatCount } from './format.js'

export interface Column {
  readonly label: string
  readonly isNumber: boolean
}

/** Words; on the page they may lead somewhere within it, or a drawing of ours may stand in their place. */
export type Cell = string | { readonly text: string; readonly href?: string; readonly svg?: string }

/** What a cell says where there are neither links nor drawings. */
export function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text
}

export interface Table {
  readonly caption: string
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  /** What is left out, in words. */
  readonly more: string | null
  /** On the page only its caption shows until it is opened: what few need. */
  readonly isFolded?: boolean
}

export interface TableSpec<T> {
  readonly caption: string
  readonly texts: readonly string[]
  readonly numbers?: readonly string[]
  readonly rows: readonly T[]
  readonly cells: (row: T) => Cell[]
  readonly maxRows?: number
  readonly isFolded?: boolean
}

/** One table, or none where there is no row: the text beside it says so instead. */
export function tablesOf<T>(spec: TableSpec<T>): Table[] {
  if (spec.rows.length === 0) return []
  const shown = spec.rows.slice(0, spec.maxRows ?? spec.rows.length)
  const leftCount = spec.rows.length - shown.length
  return [
    {
      caption: spec.caption,
      columns: [
        ...spec.texts.map((label) => ({ label, isNumber: false })),
        ...(spec.numbers ?? []).map((label) => ({ label, isNumber: true })),
      ],
      rows: shown.map(spec.cells),
      ...(spec.isFolded ? { isFolded: true } : {}),
      more: leftCount > 0 ? `And ${formatCount(leftCount)} more; report.json lists them all.` : null,
    },
  ]
}
