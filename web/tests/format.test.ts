import { expect, test } from "vitest";
import * as f from "../src/core/format.ts";

test("a figure shows its interval and no decimals beyond it", () => {
  expect(f.figure({ value: 0.931, low: 0.918, high: 0.942, n: 1500 })).toBe("93.1 % (91.8–94.2)");
  expect(f.figure({ value: 0.97, low: 0.93, high: 0.99, n: 40 })).toBe("97 % (93–99)");
  expect(f.figure({ value: 0.97123, low: 0.9712, high: 0.97129, n: 1e6 })).toBe("97.12 % (97.12–97.13)");
  expect(f.figure(null)).toBe("too few to say");
  expect(f.interval(undefined)).toBe("");
});

test("nothing unsettled is 100 %", () => {
  expect(f.sure(0.9951)).toBe("> 99 %");
  expect(f.sure(0.994)).toBe("99 %");
  expect(f.sure(0.004)).toBe("< 1 %");
  expect(f.sure(0.5)).toBe("50 %");
});

test("counts", () => {
  expect(f.count(5572)).toBe("5,572");
  expect(f.many(1, "person", "people")).toBe("1 person");
  expect(f.many(0, "rule")).toBe("0 rules");
});

test("times", () => {
  expect(f.duration(0.2)).toBe("1 s");
  expect(f.duration(9.4)).toBe("9 s");
  expect(f.duration(240)).toBe("4 min");
  expect(f.duration(9000)).toBe("3 h");
  expect(f.ago(1000, 1030)).toBe("just now");
  expect(f.ago(1000, 1000 + 7200)).toBe("2 h ago");
  expect(f.ago(86_400 * 365, 86_400 * 400)).toBe("1 Jan 1971");
});

test("beginnings are cut between code points and stay on one line", () => {
  expect(f.start("a\n b\t c", 20)).toBe("a b c");
  expect(f.start("👍👍👍👍", 3)).toBe("👍👍…");
  expect(f.start("123456", 6)).toBe("123456");
});

test("a shared scale begins at a round number below all intervals", () => {
  const at = (low: number) => ({ value: low + 0.02, low, high: low + 0.04, n: 9 });
  expect(f.floorOf([at(0.78), at(0.93), null])).toBe(0.7);
  expect(f.floorOf([at(0.95)])).toBe(0.9);
  expect(f.floorOf([])).toBe(0.9);
  expect(f.floorOf([at(-0.1)])).toBe(0);
});

test("p-values", () => {
  expect(f.pValue(0.00001)).toBe("< 0.001");
  expect(f.pValue(0.0312)).toBe("0.031");
  expect(f.pValue(0.42)).toBe("0.42");
});
