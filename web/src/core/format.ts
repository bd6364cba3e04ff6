/** Numbers as people read them: with their interval, and with no decimals beyond what is known. */

/** A share or measure with its 95 % interval and the count behind it. */
export interface Figure {
  value: number;
  low: number;
  high: number;
  n?: number | null;
}

export const TOO_FEW = "too few to say";

const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** 5572 → "5,572". */
export const count = (n: number): string => grouped.format(n);

/** "1 person", "3 people". */
export function many(n: number, one: string, more = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : more}`;
}

/** Decimals that an interval of this width (in percent points) can carry. */
function decimals(width: number): number {
  return width >= 4 ? 0 : width >= 0.1 ? 1 : 2;
}

/** "96.9 %"; {@link TOO_FEW} without a figure. */
export function share(figure: Figure | null | undefined): string {
  if (!figure) return TOO_FEW;
  return `${(100 * figure.value).toFixed(decimals(100 * (figure.high - figure.low)))} %`;
}

/** "95.1–98.2"; empty without a figure. */
export function interval(figure: Figure | null | undefined): string {
  if (!figure) return "";
  const d = decimals(100 * (figure.high - figure.low));
  return `${(100 * figure.low).toFixed(d)}–${(100 * figure.high).toFixed(d)}`;
}

/** "93.1 % (91.8–94.2)". */
export function figure(f: Figure | null | undefined): string {
  return f ? `${share(f)} (${interval(f)})` : TOO_FEW;
}

/** Where a shared scale may begin so that all these intervals lie on it: a round number at or below the lowest. */
export function floorOf(figures: readonly (Figure | null | undefined)[], most = 0.9): number {
  const lows = figures.flatMap((f) => (f ? [f.low] : []));
  return Math.max(0, Math.floor(10 * Math.min(most, ...lows) + 1e-9) / 10);
}

/** How sure of one label: whole percents, but never "100 %" of something unsettled. */
export function sure(probability: number): string {
  if (probability >= 0.995) return "> 99 %";
  if (probability < 0.005) return "< 1 %";
  return `${Math.round(100 * probability)} %`;
}

/** "9 s", "4 min", "2 h". */
export function duration(seconds: number): string {
  if (seconds < 99.5) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** "just now", "5 min ago", "3 h ago", else the date. */
export function ago(at: number, now: number = Date.now() / 1000): string {
  const seconds = now - at;
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" }).format(
    at * 1000,
  );
}

/** At most `n` code points of a text, on one line. */
export function start(text: string, n: number): string {
  const line = text.replace(/\s+/g, " ").trim();
  const points = Array.from(line);
  return points.length <= n
    ? line
    : `${points
        .slice(0, n - 1)
        .join("")
        .trimEnd()}…`;
}

/** The least of a p-value that is worth saying. */
export function pValue(p: number): string {
  return p < 0.001 ? "< 0.001" : p < 0.1 ? p.toFixed(3) : p.toFixed(2);
}
