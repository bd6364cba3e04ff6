import { expect, test } from "vitest";
import { caps, chords, clash, normal } from "../src/core/keys.ts";

test.each([
  [{ key: "s", code: "KeyS" }, ["s"]],
  [{ key: "S", code: "KeyS", shiftKey: true }, ["Shift+s"]],
  [{ key: "?", code: "Slash", shiftKey: true }, ["?"]],
  [{ key: "k", code: "KeyK", metaKey: true }, ["Mod+k"]],
  [{ key: "ArrowLeft", shiftKey: true }, ["Shift+ArrowLeft"]],
  [{ key: " " }, ["Space"]],
  [{ key: "5", code: "Numpad5" }, ["5"]],
  // where the key stands, if what is written on it is not of this alphabet
  [{ key: "σ", code: "KeyS" }, ["σ", "s"]],
  [{ key: "&", code: "Digit1" }, ["&", "1"]],
  [{ key: "é", code: "Digit2" }, ["é", "2"]],
  // but "!" is "!" and the French "a" is "a", whatever stands there elsewhere
  [{ key: "!", code: "Digit1", shiftKey: true }, ["!"]],
  [{ key: "a", code: "KeyQ" }, ["a"]],
  [{ key: "Shift", shiftKey: true }, []],
])("%j may mean %j", (press, meant) => {
  expect(chords(press)).toEqual(meant);
});

test("bindings have one spelling", () => {
  expect(normal("ctrl+K")).toBe("Mod+k");
  expect(normal("shift+cmd+Enter")).toBe("Mod+Shift+Enter");
  expect(normal("g  L")).toBe("g l");
  expect(normal("+")).toBe("+");
});

test("a sequence is in the way of its beginning, not of its end", () => {
  expect(clash("g", "g l")).toBe(true);
  expect(clash("g l", "g")).toBe(true);
  expect(clash("g l", "g l")).toBe(true);
  expect(clash("l", "g l")).toBe(false);
  expect(clash("g", "Mod+g")).toBe(false);
});

test("key caps are printed as they are on the machine", () => {
  expect(caps("Mod+k")).toEqual(["Ctrl", "K"]);
  expect(caps("Mod+k", true)).toEqual(["⌘", "K"]);
  expect(caps("g ArrowLeft")).toEqual(["G", "←"]);
  expect(caps("+")).toEqual(["+"]);
});
