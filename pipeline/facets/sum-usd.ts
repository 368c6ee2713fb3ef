// Sums of money as decimals in text: exact, whatever the number of requests.

/** What is null is not known and adds nothing; the sum has as many decimals as the finest of its parts. */
export function sumUsd(amounts: readonly (string | null)[]): string {
  const parts = amounts.flatMap((amount) => (amount === null ? [] : [readDecimal(amount)]))
  const decimals = Math.max(0, ...parts.map((part) => part.decimals))
  const units = parts.reduce((sum, part) => sum + part.units * 10n ** BigInt(decimals - part.decimals), 0n)
  if (decimals === 0) return String(units)
  const digits = String(units).padStart(decimals + 1, '0')
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

function readDecimal(amount: string): { units: bigint; decimals: number } {
  const found = /^(\d+)(?:\.(\d+))?$/.exec(amount)
  if (!found) throw new Error(`expected an amount such as 0.0125, got ${amount}`)
  const [, whole = '', fraction = ''] = found
  return { units: BigInt(whole + fraction), decimals: fraction.length }
}
