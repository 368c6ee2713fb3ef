// Amounts of money that agents log as floating-point numbers, as exact decimals.

const mostDecimals = 12

/** To 12 decimals, which is finer than any price times a token, and coarser than what adding numbers leaves behind. */
export function decimalText(amount: number): string {
  const digits = amount.toFixed(mostDecimals)
  return digits.replace(/\.?0+$/, '')
}
