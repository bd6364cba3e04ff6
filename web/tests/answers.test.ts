import { expect, test } from "vitest";
import type { Command } from "../src/core/commands.ts";
import { collisions } from "../src/core/commands.ts";
import { labelKeys } from "../src/core/labelkeys.ts";
import { parse, steps } from "../src/tools/number/number.ts";
import { labelCommands } from "../src/views/label/commands.ts";

test("labels get keys as long as there are any", () => {
  expect(labelKeys(3)).toEqual(["1", "2", "3"]);
  expect(labelKeys(11).slice(8)).toEqual(["9", "0", "a"]);
  expect(labelKeys(100).at(-1)).toBe(null);
  const keys = labelKeys(100).filter((k) => k !== null);
  expect(new Set(keys).size).toBe(keys.length);
});

test("no label's key is a command's: of the label view, of images, of the page", () => {
  const view = labelCommands({ session: {} } as Parameters<typeof labelCommands>[0]);
  const others = ["f", "+", "-", "=", "?", "g o"].map((k): Command => ({
    ...(view[0] as Command),
    id: k,
    keys: [k],
  }));
  const labels = labelKeys(100).map((k, i): Command => ({
    ...(view[0] as Command),
    id: `label ${i}`,
    keys: k ? [k] : [],
  }));
  expect(collisions([...view, ...others, ...labels])).toEqual([]);
});

test("every command of the label view says what takes it back, and that exists", () => {
  const view = labelCommands({ session: {} } as Parameters<typeof labelCommands>[0]);
  const ids = new Set(view.map((c) => c.id));
  for (const c of view) if (c.undo !== null) expect(ids).toContain(c.undo);
});

const none = { minimum: null, maximum: null, step: null };

test("numbers are taken as people type them", () => {
  expect(parse(" 3.5 ", none)).toBe(3.5);
  expect(parse("3,5", none)).toBe(3.5);
  expect(parse("−2", none)).toBe(-2);
  expect(parse("1e3", none)).toBe(1000);
  expect(parse("", none)).toBe(null);
  expect(parse("1,000,000", none)).toBe("Not a number");
  expect(parse("0x10", none)).toBe("Not a number");
  expect(parse("1e999", none)).toBe("Not a number");
  expect(parse("12", { minimum: 0, maximum: 10, step: null })).toBe("Above 10");
  expect(parse("-1", { minimum: 0, maximum: 10, step: null })).toBe("Below 0");
});

test("short scales become buttons, long ones a field", () => {
  expect(steps({ minimum: 1, maximum: 5, step: 1 })).toEqual([1, 2, 3, 4, 5]);
  expect(steps({ minimum: 0, maximum: 0.3, step: 0.1 })).toEqual([0, 0.1, 0.2, 0.3]);
  expect(steps({ minimum: 0, maximum: 100, step: 1 })).toBe(null);
  expect(steps(none)).toBe(null);
});
