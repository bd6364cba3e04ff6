/**
 * Colours of labels: one hue everywhere (Okabe & Ito 2008, safe for colour-blind eyes), a shape beside it,
 * and certainty as saturation.
 */

/** Okabe–Ito, the strongest pair first; grey stands for "nobody has said anything". */
export const LIGHT = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8f8a00"] as const;
export const DARK = ["#ff8a3d", "#4da6e0", "#33c49a", "#e29cc3", "#f2b632", "#7cc8f5", "#d6cf3a"] as const;

export const SHAPES = ["circle", "square", "triangle", "diamond", "cross"] as const;
export type Shape = (typeof SHAPES)[number];

/** Hue number and shape of the label at `index`: 7 × 5 labels before a pair repeats. */
export function look(index: number): { hue: number; shape: Shape } {
  const hue = index % LIGHT.length;
  // 7 and 5 share no factor, so stepping both gives every pair once.
  return { hue, shape: SHAPES[index % SHAPES.length] ?? "circle" };
}

/** How sure, from 0 (all `labels` equally likely) to 1 (settled). */
export function sureness(confidence: number, labels: number): number {
  const floor = labels > 1 ? 1 / labels : 0;
  return Math.min(1, Math.max(0, (confidence - floor) / (1 - floor)));
}

/** Percent of the hue to mix into the ground: pale is doubtful, full is settled. */
export function saturation(sure: number): number {
  return Math.round(14 + 86 * Math.min(1, Math.max(0, sure)));
}

type Triple = [number, number, number];

function linear(hex: string): Triple {
  const at = (i: number) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return [at(1), at(3), at(5)];
}

/** Oklab (Ottosson 2020, https://bottosson.github.io/posts/oklab/) of an sRGB colour "#rrggbb". */
export function oklab(hex: string): Triple {
  const [r, g, b] = linear(hex);
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function hexOf([L, a, b]: Triple): string {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const channel = (c: number) => {
    const v = c <= 0.0031308 ? 12.92 * c : 1.055 * Math.max(0, c) ** (1 / 2.4) - 0.055;
    return Math.round(255 * Math.min(1, Math.max(0, v)))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${channel(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)}${channel(
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
  )}${channel(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)}`;
}

/** `percent` of `hue` in `ground`, mixed in Oklab as CSS's color-mix does; for canvases, which know no variables. */
export function mix(hue: string, ground: string, percent: number): string {
  const [x, y] = [oklab(hue), oklab(ground)];
  const p = percent / 100;
  return hexOf([x[0] * p + y[0] * (1 - p), x[1] * p + y[1] * (1 - p), x[2] * p + y[2] * (1 - p)]);
}
