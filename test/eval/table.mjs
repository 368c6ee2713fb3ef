// A comparison as two tables to paste.

/** @param comparison as compareFacets gives it */
export function formatComparison({ fields, frictions }) {
  const fieldRows = fields.map(({ field, measure, n, agreement, kappa, goal }) => [
    field,
    measure,
    String(n),
    percent(agreement),
    kappa === null ? '' : kappa.toFixed(2),
    goal === null
      ? ''
      : `≥ ${percent(goal)}${agreement === null ? '' : agreement >= goal ? ', met' : ', NOT MET'}`,
  ])
  const frictionRows = frictions.map(({ kind, labelled, found, both, precision, recall }) => [
    kind,
    String(labelled),
    String(found),
    String(both),
    percent(precision),
    percent(recall),
  ])
  return [
    ...tableLines(['field', 'measure', 'n', 'agreement', 'kappa', 'goal'], fieldRows),
    '',
    ...tableLines(['friction', 'labelled', 'found', 'both', 'precision', 'recall'], frictionRows),
  ].join('\n')
}

/** Floored: 89.9 % is not 90 %. */
function percent(share) {
  return share === null ? '' : `${Math.floor(share * 100 + 1e-9)} %`
}

function tableLines(header, rows) {
  const cells = [header, header.map(() => '---'), ...rows]
  const widths = header.map((_, i) => Math.max(...cells.map((row) => row[i].length)))
  return cells.map(
    (row) =>
      `| ${row.map((cell, i) => (cell === '---' ? '-'.repeat(widths[i]) : cell.padEnd(widths[i]))).join(' | ')} |`,
  )
}
