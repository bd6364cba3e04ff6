import { expect, test } from "vitest";
import { centred, clamp, fitted, zoomed } from "../src/core/lens.ts";
import { fitAll, nearest, zoomAt } from "../src/views/explore/scatter.ts";

const frame = { width: 800, height: 400 };
const photo = { width: 1600, height: 1600 };

test("an image fits its frame, and a tiny one is magnified twice at most", () => {
  expect(fitted(photo, frame)).toEqual({ scale: 0.25, x: 200, y: 0 });
  expect(fitted({ width: 10, height: 10 }, frame).scale).toBe(2);
});

test("zooming keeps what is under the pointer", () => {
  const before = centred(1, photo, frame);
  const after = zoomed(before, 2, 300, 150, photo, frame);
  expect((300 - after.x) / after.scale).toBeCloseTo((300 - before.x) / before.scale);
  expect((150 - after.y) / after.scale).toBeCloseTo((150 - before.y) / before.scale);
});

test("zoom has ends, and no gap opens at an edge", () => {
  expect(zoomed(fitted(photo, frame), 0.01, 0, 0, photo, frame)).toEqual(fitted(photo, frame));
  expect(zoomed(fitted(photo, frame), 1e9, 0, 0, photo, frame).scale).toBe(16);
  expect(clamp({ scale: 1, x: 500, y: -5000 }, photo, frame)).toEqual({ scale: 1, x: 0, y: -1200 });
});

const points = { x: [0, 10, 10], y: [0, 0, 5] };

test("the map shows all points, y upward", () => {
  const view = fitAll(points, 420, 420, 10);
  expect(view.x + view.scale * 0).toBe(10);
  expect(view.x + view.scale * 10).toBe(410);
  expect(view.y - view.scale * 5).toBeLessThan(view.y);
  expect(fitAll({ x: [], y: [] }, 100, 100).scale).toBeGreaterThan(0);
  expect(Number.isFinite(fitAll({ x: [3], y: [3] }, 100, 100).x)).toBe(true);
});

test("the nearest point within reach is found, if it is eligible", () => {
  const view = { scale: 10, x: 0, y: 100 };
  expect(nearest(points, view, 98, 51, 5)).toBe(2);
  expect(nearest(points, view, 50, 20, 5)).toBe(-1);
  expect(nearest(points, view, 98, 51, Infinity, (i) => i !== 2)).toBe(1);
});

test("the map zooms about a place", () => {
  const view = { scale: 10, x: 0, y: 100 };
  const near = zoomAt(view, 2, 98, 51);
  expect((98 - near.x) / near.scale).toBeCloseTo((98 - view.x) / view.scale);
});
