// Token amounts as people write them: decimal token units to base units and back, exactly.

const MOST = 2n ** 64n - 1n;

/**
 * Reads `text` ("12", "0.5") as token units of a mint with `decimals`; returns base units.
 *
 * Throws at signs, exponents, more fractional digits than the mint has, and amounts past 64 bits.
 */
export function parseAmount(text: string, decimals: number): bigint {
  const bad = (why: string) => new RangeError(`'${text}' is not an amount of this token: ${why}`);
  const [, whole = '', fraction = ''] = /^([0-9]*)(?:\.([0-9]*))?$/.exec(text) ?? [];
  if (whole === '' && fraction === '') throw bad('it is not a decimal number');
  if (text.endsWith('.')) throw bad('it ends in a point');
  if (fraction.length > decimals) throw bad(`the mint has ${decimals} decimals`);
  const base = BigInt(whole + fraction.padEnd(decimals, '0'));
  if (base > MOST) throw bad('it does not fit 64 bits');
  return base;
}

/** Writes base units as token units, without trailing zeros after the point. */
export function formatAmount(base: bigint, decimals: number): string {
  const digits = base.toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(whole.length).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}
