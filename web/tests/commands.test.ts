import { beforeEach, expect, test, vi } from "vitest";
import { closeness, type Command, collisions, KeyCollision, Registry } from "../src/core/commands.ts";

const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  label: `Do ${id}`,
  group: "Test",
  keys,
  run: vi.fn(),
  undo: null,
  ...more,
});

let now = 0;
let registry: Registry;
beforeEach(() => {
  now = 0;
  registry = new Registry(() => now);
});

const found = (key: string, more = {}, focus: "text" | "control" | "page" = "page") => {
  const hit = registry.match({ key, ...more }, focus);
  return hit === "half" || hit === null ? hit : hit.id;
};

test("a key finds its command, until the command is removed", () => {
  const remove = registry.add([command("skip", ["s"]), command("send", ["Enter"])]);
  expect(found("s")).toBe("skip");
  expect(found("Enter")).toBe("send");
  remove();
  expect(found("s")).toBe(null);
});

test("a key that is taken is refused, and nothing of the batch is added", () => {
  registry.add([command("skip", ["s"])]);
  expect(() => registry.add([command("a", ["x"]), command("b", ["S"])])).toThrow(KeyCollision);
  expect(found("x")).toBe(null);
  expect(() => registry.add([command("c", ["k"]), command("d", ["k"])])).toThrow(/both “Do c” and “Do d”/);
  expect(() => registry.add([command("skip", [])])).toThrow(KeyCollision);
});

test("a sequence waits for its second half, but not for ever", () => {
  registry.add([command("road", ["g o"]), command("one", ["1"])]);
  expect(found("g")).toBe("half");
  expect(found("o")).toBe("road");
  expect(found("o")).toBe(null);
  found("g");
  expect(found("1")).toBe("one"); // not part of the sequence: means itself
  found("g");
  now += 5000;
  expect(found("o")).toBe(null);
});

test("while somebody types only commands for that work", () => {
  registry.add([command("skip", ["s"]), command("palette", ["Mod+k"], { typing: true })]);
  expect(found("s", {}, "text")).toBe(null);
  expect(found("k", { ctrlKey: true }, "text")).toBe("palette");
});

test("on a link or button of its own, Enter and Space stay the browser's", () => {
  registry.add([command("send", ["Enter"]), command("skip", ["s"])]);
  expect(found("Enter", {}, "control")).toBe(null);
  expect(found("s", {}, "control")).toBe("skip");
});

test("a disabled command leaves its key alone and does not run", () => {
  const off = command("undo", ["z"], { enabled: () => false });
  registry.add([off]);
  expect(found("z")).toBe(null);
  registry.run("undo");
  expect(off.run).not.toHaveBeenCalled();
});

test("watchers hear of additions and removals", () => {
  const heard = vi.fn();
  const stop = registry.watch(heard);
  const remove = registry.add([command("a", [])]);
  remove();
  stop();
  registry.add([command("b", [])]);
  expect(heard).toHaveBeenCalledTimes(2);
});

test("collisions names every pair", () => {
  const pairs = collisions([command("a", ["x", "y"]), command("b", ["y"]), command("c", ["x"])]);
  expect(pairs.map(({ key, a, b }) => [key, a.id, b.id])).toEqual([
    ["y", "a", "b"],
    ["x", "a", "c"],
  ]);
});

test("closeness prefers beginnings of words, and takes letters in order", () => {
  const rank = (query: string, ...texts: string[]) =>
    texts
      .map((t): [string, number | null] => [t, closeness(query, t)])
      .filter((p): p is [string, number] => p[1] !== null)
      .sort((a, b) => b[1] - a[1])
      .map(([t]) => t);
  expect(rank("aud", "Go to Audit", "Applaud", "Beliefs")).toEqual(["Go to Audit", "Applaud"]);
  expect(rank("gtb", "Go to Beliefs", "Go to Audit")).toEqual(["Go to Beliefs"]);
  expect(closeness("", "anything")).toBe(0);
});
