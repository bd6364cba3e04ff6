import { expect, test } from "vitest";
import { DARK, LIGHT, look, mix, oklab, saturation, sureness } from "../src/core/hues.ts";

const chroma = (hex: string) => {
  const [, a, b] = oklab(hex);
  return Math.hypot(a, b);
};

test("35 labels have 35 looks", () => {
  const looks = Array.from({ length: 35 }, (_, i) => JSON.stringify(look(i)));
  expect(new Set(looks).size).toBe(35);
  expect(look(0).hue).not.toBe(look(1).hue);
  expect(look(0).shape).not.toBe(look(1).shape);
});

test("certainty runs from even odds to settled", () => {
  expect(sureness(0.5, 2)).toBe(0);
  expect(sureness(0.25, 4)).toBe(0);
  expect(sureness(1, 3)).toBe(1);
  expect(sureness(0.75, 2)).toBeCloseTo(0.5);
  expect(sureness(0.1, 2)).toBe(0);
  expect(sureness(0.7, 1)).toBeCloseTo(0.7);
});

test.each([...LIGHT.map((h) => [h, "#e1e4e8"]), ...DARK.map((h) => [h, "#2a3037"])])(
  "%s on %s: surer is always more saturated, and the settled one is the hue itself",
  (hue, ground) => {
    const steps = [0, 0.25, 0.5, 0.75, 1].map((s) => chroma(mix(hue ?? "", ground ?? "", saturation(s))));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect((steps[4] ?? 0) - (steps[0] ?? 0)).toBeGreaterThan(0.05);
    expect(mix(hue ?? "", ground ?? "", 100)).toBe(hue);
    expect(mix(hue ?? "", ground ?? "", 0)).toBe(ground);
  },
);

test("oklab agrees with published values", () => {
  // https://bottosson.github.io/posts/oklab/: sRGB white is (1, 0, 0)
  const [L, a, b] = oklab("#ffffff");
  expect([L, a, b].map((v) => Math.abs(Math.round(v * 1000) / 1000))).toEqual([1, 0, 0]);
  expect(oklab("#ff0000")[0]).toBeCloseTo(0.628, 3);
});

test("the palette keeps its hues apart", () => {
  for (const palette of [LIGHT, DARK])
    for (const [i, x] of palette.entries())
      for (const y of palette.slice(i + 1)) {
        const [p, q] = [oklab(x), oklab(y)];
        expect(Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])).toBeGreaterThan(0.06);
      }
});
