// Rows in columns, for a terminal.

/** The first `textCount` columns to the left, numbers to the right. */
export function alignedTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  textCount: number,
): string {
  const widths = header.map((label, i) => Math.max(label.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => (i < textCount ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join('  ')
      .trimEnd()
  return [line(header), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}
