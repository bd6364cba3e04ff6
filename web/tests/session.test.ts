import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Outbox } from "../src/core/outbox.ts";
import { Session } from "../src/core/session.svelte.ts";
import { MemoryShelf } from "../src/core/shelf.ts";
import { me, question, Server } from "./server.ts";

let server: Server;
let outbox: Outbox;
let now = 0;
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server = new Server();
  now = 0;
});
afterEach(() => {
  outbox.close();
  vi.useRealTimers();
});

async function open(shelf = new MemoryShelf(), more = {}): Promise<Session> {
  outbox = new Outbox(shelf, server, me);
  const session = new Session({ ...question, ...more }, server, outbox, me, () => now);
  await session.open();
  return session;
}

const settle = () => vi.advanceTimersByTimeAsync(100);

function answer(session: Session, value: string): void {
  session.draft = value;
  session.send();
}

test("the next item is on screen at once, before the server has answered", async () => {
  const session = await open();
  expect(session.item?.id).toBe("i0");
  answer(session, "spam");
  expect(session.item?.id).toBe("i1");
  expect(server.answers).toEqual([]);
  await settle();
  expect(server.answers).toEqual([["i0", "spam"]]);
  expect(session.told).toMatchObject({ answer: "spam", stored: true, belief: { spam: 0.75 } });
});

test("all items are asked once and then there is nothing left", async () => {
  const session = await open();
  for (let i = 0; i < 10; i++) {
    answer(session, i % 2 ? "ham" : "spam");
    await settle();
  }
  expect(session.phase).toBe("done");
  expect(session.current).toBe(null);
  expect(session.done).toBe(10);
  expect(new Set(server.answers.map(([item]) => item)).size).toBe(10);
  expect(server.votes.size).toBe(10);
});

test("nothing is sent without an answer, and a skip says why", async () => {
  const session = await open();
  expect(session.send()).toBe(false);
  session.skip("not sure");
  await settle();
  expect([...server.votes.values()][0]).toMatchObject({ abstain: true, note: "not sure" });
  expect([...server.votes.values()][0]).not.toHaveProperty("answer");
});

test("undo asks again, with the answer that was given; it can go on to the first", async () => {
  const session = await open();
  answer(session, "spam");
  answer(session, "ham");
  await settle();
  session.undo();
  expect(session.item?.id).toBe("i1");
  expect(session.draft).toBe("ham");
  session.undo();
  expect(session.item?.id).toBe("i0");
  await settle();
  expect(server.answers).toEqual([]);
  answer(session, "ham");
  answer(session, "ham");
  await settle();
  expect(server.answers.toSorted()).toEqual([
    ["i0", "ham"],
    ["i1", "ham"],
  ]);
  expect(outbox.state.refused).toEqual([]);
  expect(session.done).toBe(2);
});

test("undo before the answer has left works too", async () => {
  const session = await open();
  server.down = true;
  answer(session, "spam");
  session.undo();
  answer(session, "ham");
  await settle();
  expect(server.answers).toEqual([]);
  server.down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.answers).toEqual([["i0", "ham"]]);
  expect(outbox.state).toMatchObject({ waiting: 0, refused: [] });
});

test("offline one goes on with what is at hand; back online nothing is lost or doubled", async () => {
  const session = await open();
  server.down = true;
  const shown = () => session.item?.id;
  const seen: (string | undefined)[] = [];
  while (shown() !== undefined) {
    seen.push(shown());
    answer(session, "spam");
    await settle();
  }
  expect(seen.length).toBeGreaterThanOrEqual(3);
  expect(session.phase).toBe("waiting");
  server.down = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.answers.map(([item]) => item)).toEqual(seen);
  expect(server.votes.size).toBe(seen.length);
  expect(shown()).toBe(`i${seen.length}`);
});

test("an answer from before is looked at, and left alone by Enter", async () => {
  const session = await open();
  answer(session, "spam");
  await settle();
  await session.back();
  expect(session.item?.id).toBe("i0");
  expect(session.draft).toBe("spam");
  session.send();
  await settle();
  expect(session.item?.id).toBe("i1");
  expect(session.draft).toBe(null);
  expect(server.votes.size).toBe(1);
});

test("looking back, another answer replaces the first", async () => {
  const session = await open();
  answer(session, "spam");
  answer(session, "spam");
  await settle();
  await session.back();
  await session.back();
  answer(session, "ham");
  await settle();
  expect(session.item?.id).toBe("i1"); // one forward, still looking back
  expect(server.answers.toSorted()).toEqual([
    ["i0", "ham"],
    ["i1", "spam"],
  ]);
  expect(session.done).toBe(2);
  expect(outbox.state.refused).toEqual([]);
});

test("after a reload, earlier answers can be looked at, changed and taken back", async () => {
  const shelf = new MemoryShelf();
  const before = await open(shelf);
  answer(before, "spam");
  answer(before, "spam");
  await settle();
  before.close();
  outbox.close();
  const session = await open(shelf);
  expect(session.done).toBe(2);
  expect(session.item?.id).toBe("i2");
  await session.back();
  expect(session.item?.id).toBe("i1");
  answer(session, "ham");
  await settle();
  expect(server.answers).toEqual([
    ["i0", "spam"],
    ["i1", "ham"],
  ]);
  session.undo();
  await settle();
  expect(server.answers).toEqual([["i0", "spam"]]);
  expect(session.item?.id).toBe("i1");
  expect(session.draft).toBe("ham");
  session.undo(); // this one the page knows only by name: the server says what was asked
  await settle();
  expect(server.answers).toEqual([]);
  expect(session.item?.id).toBe("i0");
  expect(session.draft).toBe("spam");
});

test("an answer that the server refused is dropped by undo and can be given anew", async () => {
  const session = await open();
  server.refuse = { what: "no such label", where: null, hint: null };
  answer(session, "gone");
  await settle();
  expect(outbox.state.refused).toHaveLength(1);
  server.refuse = null;
  session.undo();
  await settle();
  expect(outbox.state.refused).toEqual([]);
  answer(session, "ham");
  await settle();
  expect(server.answers).toEqual([["i0", "ham"]]);
});

test("looking back, an answer that the server refused is replaced, not undone", async () => {
  const session = await open();
  server.refuse = { what: "no such label", where: null, hint: null };
  answer(session, "gone");
  await settle();
  server.refuse = null;
  await session.back();
  answer(session, "ham");
  await settle();
  expect(outbox.state.refused).toEqual([]);
  expect(server.answers).toEqual([["i0", "ham"]]);
  expect(server.requests).not.toContain("undo");
});

test("questions that were on their way while they were answered are not asked again", async () => {
  const session = await open();
  const { next } = server;
  server.next = async (q, n) => {
    const found = await next(q, n); // as the server saw it before the answers came
    await new Promise((done) => setTimeout(done, 1000));
    return found;
  };
  const late = session.refill.bind(session);
  session.queue = session.queue.slice(0, 2);
  void late();
  answer(session, "spam");
  answer(session, "spam");
  await vi.advanceTimersByTimeAsync(5000);
  expect(server.answers.map(([item]) => item)).toEqual(["i0", "i1"]);
  expect(session.queue.map((a) => a.item.id)).not.toContain("i0");
  expect(session.queue.map((a) => a.item.id)).not.toContain("i1");
  expect(session.queue.length).toBeGreaterThan(0);
});

test("time is counted while the page is seen, and nobody takes an hour for an answer", async () => {
  const session = await open();
  now += 4000;
  session.pause();
  now += 60_000;
  session.resume();
  now += 2500;
  answer(session, "spam");
  now += 3_600_000;
  answer(session, "spam");
  await settle();
  expect([...server.votes.values()].map((v) => v.seconds)).toEqual([6.5, 600]);
});

test("suggestions are filled in only where the question says so", async () => {
  const next = server.next;
  server.next = async (q, n) => {
    const found = await next(q, n);
    return { ...found, assignments: found.assignments.map((a) => ({ ...a, suggestion: "ham" as never })) };
  };
  expect((await open()).draft).toBe(null);
  outbox.close();
  expect((await open(new MemoryShelf(), { suggestions: "on request" })).draft).toBe(null);
  outbox.close();
  expect((await open(new MemoryShelf(), { suggestions: "pre-filled" })).draft).toBe("ham");
});
