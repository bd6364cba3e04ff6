/** Numbers as people type them, and short scales. */

export interface Bounds {
  minimum: number | null;
  maximum: number | null;
  step: number | null;
}

const MOST = 11; // values that still fit as buttons: 0 to 10

/** All values of a short bounded scale, smallest first; null if there are too many or no bounds. */
export function steps({ minimum, maximum, step }: Bounds): number[] | null {
  if (minimum === null || maximum === null || step === null) return null;
  const n = Math.floor((maximum - minimum) / step + 1e-9) + 1;
  return n <= MOST ? Array.from({ length: n }, (_, i) => Number((minimum + i * step).toPrecision(12))) : null;
}

/** The number that a text says, null if empty, else what is wrong. Takes a comma for a point. */
export function parse(text: string, { minimum, maximum }: Bounds): number | null | string {
  const trimmed = text
    .trim()
    .replace("−", "-")
    .replace(/^(-?\d+),(\d+)$/, "$1.$2");
  if (!trimmed) return null;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return "Not a number";
  const value = Number(trimmed);
  if (!Number.isFinite(value)) return "Not a number";
  if (minimum !== null && value < minimum) return `Below ${minimum}`;
  if (maximum !== null && value > maximum) return `Above ${maximum}`;
  return value;
}
