import { expect, test } from "vitest";
import { uuid7 } from "../src/core/uuid.ts";

test("is a canonical UUID of version 7 that holds its time", () => {
  const now = Date.now() + 5000;
  const key = uuid7(now);
  expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(key.replaceAll("-", "").slice(0, 12), 16)).toBe(now);
});

test("keys made one after another sort in that order, within a millisecond and when the clock goes back", () => {
  const now = Date.now() + 60_000;
  const keys = [...Array(5000)].map((_, i) => uuid7(i === 3000 ? now - 90_000 : now));
  expect([...keys].sort()).toEqual(keys);
  expect(new Set(keys).size).toBe(keys.length);
});
