import "fake-indexeddb/auto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox, type Stored } from "../src/core/outbox.ts";
import { type Entry, MemoryShelf, openShelf } from "../src/core/shelf.ts";
import { uuid7 } from "../src/core/uuid.ts";
import { me, Server } from "./server.ts";

let server: Server;
let made: Outbox[];
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = new Server();
  made = [];
});
afterEach(() => {
  for (const o of made) o.close();
  vi.useRealTimers();
});

function open(shelf = new MemoryShelf(), who = me): Outbox {
  const outbox = new Outbox(shelf, server, who);
  made.push(outbox);
  return outbox;
}

async function ballot(answer: string | null, item = 0): Promise<Entry & { kind: "vote" }> {
  const a = (await server.next("spam", item + 1)).assignments[item];
  if (!a) throw new Error("nothing to answer");
  const key = uuid7();
  const said = answer === null ? { abstain: true } : { answer, abstain: false };
  const body = { key, assignment: a.id, item: a.item.id, version: 1, ...said, seconds: 1, note: "" };
  return { ...me, key, kind: "vote", question: "spam", text: "t", body: body as never };
}

test("an answer leaves only after the server has it", async () => {
  const shelf = new MemoryShelf();
  const outbox = open(shelf);
  server.down = true;
  await outbox.add(await unreachable(() => ballot("spam")));
  await outbox.send();
  expect((await shelf.all()).length).toBe(1);
  expect(outbox.state).toMatchObject({ waiting: 1, line: "offline" });
  server.down = false;
  await vi.advanceTimersByTimeAsync(40_000);
  expect(server.answers).toEqual([["i0", "spam"]]);
  expect(await shelf.all()).toEqual([]);
  expect(outbox.state).toMatchObject({ waiting: 0, line: "online" });
});

/** Makes something while the line is up, whatever the line is now. */
async function unreachable<V>(make: () => Promise<V>): Promise<V> {
  server.down = false;
  const value = await make();
  server.down = true;
  return value;
}

test("an acknowledgement that is lost on its way doubles nothing", async () => {
  const outbox = open();
  server.deaf = 1;
  await outbox.add(await ballot("spam"));
  await vi.advanceTimersByTimeAsync(100);
  expect(outbox.state).toMatchObject({ waiting: 1, line: "offline" });
  await vi.advanceTimersByTimeAsync(2000);
  expect(server.votes.size).toBe(1);
  expect(server.requests.filter((r) => r === "vote").length).toBe(2);
  expect(outbox.state.waiting).toBe(0);
});

test("answers go out in the order in which they were given, ten sends at once or not", async () => {
  const outbox = open();
  const entries = [await ballot("spam", 0), await ballot("ham", 1), await ballot(null, 2)];
  await Promise.all([
    ...entries.map((e) => outbox.add(e)),
    ...Array.from({ length: 10 }, () => outbox.send()),
  ]);
  await outbox.send();
  expect(server.answers).toEqual([
    ["i0", "spam"],
    ["i1", "ham"],
    ["i2", null],
  ]);
  expect(server.requests.filter((r) => r === "vote").length).toBe(3);
});

test("tries again later and later, never in a hurry", async () => {
  const outbox = open();
  const entry = await ballot("spam");
  server.down = true;
  await outbox.add(entry);
  await outbox.send();
  server.requests = [];
  await vi.advanceTimersByTimeAsync(30 * 60 * 1000);
  expect(server.requests.length).toBeGreaterThan(20);
  expect(server.requests.length).toBeLessThan(80);
  expect(await outbox.pending()).toHaveLength(1);
});

test("an ended session keeps what waits", async () => {
  const outbox = open();
  const entry = await ballot("spam");
  server.signedOut = true;
  await outbox.add(entry);
  await outbox.send();
  expect(outbox.state).toMatchObject({ waiting: 1, line: "signed out", refused: [] });
  server.signedOut = false;
  await outbox.send();
  expect(outbox.state).toMatchObject({ waiting: 0, line: "online" });
});

test("a refusal is kept, shown, and does not hold up the others", async () => {
  const outbox = open();
  const [bad, good] = [await ballot("gone", 0), await ballot("ham", 1)];
  server.refuse = { what: "'gone' is no label", where: "answer", hint: "spam or ham" };
  await outbox.add(bad);
  await outbox.send();
  server.refuse = null;
  await outbox.add(good);
  await outbox.send();
  expect(server.answers).toEqual([["i1", "ham"]]);
  expect(outbox.state.refused.map((e) => e.refused?.what)).toEqual(["'gone' is no label"]);
  expect(outbox.state.waiting).toBe(0);
  await outbox.retry();
  expect(server.answers).toHaveLength(2);
  expect(outbox.state.refused).toEqual([]);
});

test("only a refused entry can be dropped", async () => {
  const outbox = open();
  const [bad, waiting] = [await ballot("gone", 0), await ballot("ham", 1)];
  server.refuse = { what: "no", where: null, hint: null };
  await outbox.add(bad);
  await outbox.send();
  server.down = true;
  await outbox.add(waiting);
  await outbox.send();
  expect(await outbox.drop(waiting.key)).toBe(false);
  expect(await outbox.drop(bad.key)).toBe(true);
  expect((await outbox.pending()).map((e) => e.key)).toEqual([waiting.key]);
});

test("an answer given anew after an undo goes to the assignment that the undo opened, however often", async () => {
  const outbox = open();
  const first = await ballot("spam");
  const undo = (retracts: string): Entry => {
    const key = uuid7();
    return {
      ...me,
      key,
      kind: "undo",
      question: "spam",
      text: "t",
      body: { key, retracts },
      assignment: first.body.assignment,
    };
  };
  const again = (answer: string): Entry & { kind: "vote" } => {
    const key = uuid7();
    return { ...first, key, body: { ...first.body, key, answer: answer as never } };
  };
  server.down = true;
  // Keys sort in the order of their making, and so does the outbox.
  const given: Entry[] = [first, undo(first.key)];
  given.push(again("ham"));
  given.push(undo(given[2]?.key ?? ""));
  given.push(again("spam"));
  await outbox.add(...given);
  server.down = false;
  await outbox.send();
  expect(outbox.state.refused).toEqual([]);
  expect(server.answers).toEqual([["i0", "spam"]]);
  expect(server.votes.size).toBe(3);
});

test("another person's answers, or another project's, are kept and not sent", async () => {
  const shelf = new MemoryShelf();
  const entry = await ballot("spam");
  await shelf.put({ ...entry, person: "ben" }, { ...entry, key: uuid7(), project: "q" });
  const outbox = open(shelf);
  await outbox.send();
  expect(server.answers).toEqual([]);
  expect(outbox.state).toMatchObject({ waiting: 0, foreign: 2 });
});

test("watchers hear what the server said", async () => {
  const outbox = open();
  const heard: Stored[] = [];
  outbox.stored((s) => heard.push(s));
  const entry = await ballot("spam");
  await outbox.add(entry);
  await outbox.send();
  expect(heard.map((s) => [s.key, s.kind])).toEqual([[entry.key, "vote"]]);
});

test("what waits survives the page, in IndexedDB", async () => {
  vi.useRealTimers();
  const before = open((await openShelf("crash")) as never);
  expect(before.lasting).toBe(true);
  const entry = await ballot("spam");
  server.down = true;
  await before.add(entry);
  await before.send();
  before.close(); // the tab crashes
  server.down = false;
  const after = open((await openShelf("crash")) as never);
  expect(await after.pending()).toHaveLength(1);
  await after.send();
  expect(server.answers).toEqual([["i0", "spam"]]);
  expect(await (await openShelf("crash")).all()).toEqual([]);
});

test("an answer of reactive state is stored as the plain JSON that it says", async () => {
  vi.useRealTimers();
  const outbox = open((await openShelf("proxies")) as never);
  server.down = true;
  const entry = await unreachable(() => ballot("spam"));
  entry.body.answer = new Proxy(["sun", "dog"], {}) as never;
  await outbox.add(entry);
  expect(outbox.lasting).toBe(true);
  expect((await outbox.pending()).map((e) => e.kind === "vote" && e.body.answer)).toEqual([["sun", "dog"]]);
});

test("without storage answers are held in memory, and the page knows it", async () => {
  const broken = vi.spyOn(indexedDB, "open").mockImplementation(() => {
    throw new DOMException("no", "SecurityError");
  });
  const shelf = await openShelf("none");
  broken.mockRestore();
  expect(shelf.lasting).toBe(false);
  const entry = await ballot("spam");
  await shelf.put(entry);
  expect(await shelf.all()).toEqual([entry]);
});
