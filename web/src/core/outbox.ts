/**
 * Sends answers, and forgets one only after the server has it on disk.
 *
 * Entries go out one after another in the order in which they were made. A passing failure (no network, a restart,
 * an ended session) is tried again, later and later; a refusal is kept and shown until a person decides. Keys make
 * repeats harmless, so two tabs may send the same entry.
 */

import type { Api } from "./client.ts";
import type { Entry, Shelf } from "./shelf.ts";
import { Trouble } from "./trouble.ts";
import type { UndoOut, VoteOut } from "./types.ts";

export type Stored =
  { key: string; kind: "vote"; result: VoteOut } | { key: string; kind: "undo"; result: UndoOut };

export interface State {
  waiting: number;
  refused: Entry[];
  /** Entries of other people or projects that wait in this browser. */
  foreign: number;
  line: "online" | "offline" | "signed out";
}

/** Runs `work` while no other tab does; the browser's Web Locks where there are any. */
export type Exclusive = (work: () => Promise<void>) => Promise<void>;

const RETRY = [1, 2, 4, 8, 15, 30]; // seconds until the next try

export class Outbox {
  state: State = { waiting: 0, refused: [], foreign: 0, line: "online" };
  #shelf: Shelf;
  #api: Pick<Api, "vote" | "undo">;
  #mine: { project: string; person: string };
  #exclusive: Exclusive;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #running: Promise<void> | null = null;
  #again = false;
  #stateWatchers = new Set<(state: State) => void>();
  #storedWatchers = new Set<(stored: Stored) => void>();

  constructor(
    shelf: Shelf,
    api: Pick<Api, "vote" | "undo">,
    mine: { project: string; person: string },
    exclusive: Exclusive = (work) => work(),
  ) {
    this.#shelf = shelf;
    this.#api = api;
    this.#mine = mine;
    this.#exclusive = exclusive;
  }

  /** Whether what waits outlives the page. */
  get lasting(): boolean {
    return this.#shelf.lasting;
  }

  /** Takes entries in (all or none) and begins to send. Resolves once they are on the shelf. */
  async add(...entries: Entry[]): Promise<void> {
    this.state = { ...this.state, waiting: this.state.waiting + entries.length };
    this.#tell();
    // Plain JSON, as it will be sent: storage refuses the proxies that reactive state is made of.
    await this.#shelf.put(...(JSON.parse(JSON.stringify(entries)) as Entry[]));
    void this.send();
  }

  /** The entries of this person and project that wait, oldest first. */
  async pending(): Promise<Entry[]> {
    return (await this.#shelf.all()).filter((e) => this.#ours(e));
  }

  /** Sends what waits, now. Resolves when nothing waits any more or a failure stopped it. */
  send(): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#exclusive(() => this.#drain()).finally(async () => {
      this.#running = null;
      if (this.#again) {
        this.#again = false;
        await this.send();
      }
    });
    return this.#running;
  }

  /** Puts refused entries in line again. */
  async retry(): Promise<void> {
    for (const { refused: _, ...entry } of this.state.refused) await this.#shelf.put(entry as Entry);
    await this.send();
  }

  /** Gives up a refused entry: a person's decision. False if there is none by this key. */
  async drop(key: string): Promise<boolean> {
    const found = (await this.pending()).some((e) => e.key === key && e.refused);
    if (found) await this.#shelf.remove(key);
    await this.#count();
    return found;
  }

  /** Calls `watcher` at every change of state; returns what stops it. */
  watch(watcher: (state: State) => void): () => void {
    this.#stateWatchers.add(watcher);
    watcher(this.state);
    return () => this.#stateWatchers.delete(watcher);
  }

  /** Calls `watcher` with what the server said to each entry; returns what stops it. */
  stored(watcher: (stored: Stored) => void): () => void {
    this.#storedWatchers.add(watcher);
    return () => this.#storedWatchers.delete(watcher);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#stateWatchers.clear();
    this.#storedWatchers.clear();
  }

  async #drain(): Promise<void> {
    for (;;) {
      const entry = (await this.pending()).find((e) => !e.refused);
      if (!entry) break;
      try {
        await this.#deliver(entry);
        this.#failures = 0;
        this.#line("online");
      } catch (e) {
        if (!(e instanceof Trouble)) throw e;
        if (e.passing) {
          this.#line(e.signedOut ? "signed out" : "offline");
          const pause = RETRY[Math.min(this.#failures++, RETRY.length - 1)] ?? 30;
          this.#timer = setTimeout(() => void this.send(), pause * 1000);
          break;
        }
        await this.#shelf.put({ ...entry, refused: { what: e.what, where: e.where, hint: e.hint } });
      }
      await this.#count();
    }
    await this.#count();
  }

  async #deliver(entry: Entry): Promise<void> {
    let stored: Stored;
    if (entry.kind === "vote") {
      stored = { key: entry.key, kind: "vote", result: await this.#api.vote(entry.question, entry.body) };
    } else {
      const result = await this.#api.undo(entry.question, entry.body);
      stored = { key: entry.key, kind: "undo", result };
      // Before the entry goes: should the page die here, the undo is sent again and says the same.
      if (entry.assignment && result.assignment) await this.#reassign(entry.assignment, result.assignment.id);
    }
    await this.#shelf.remove(entry.key);
    for (const watcher of this.#storedWatchers) watcher(stored);
  }

  /** Answers given anew while their undo was under way belong to the assignment that the undo opened. */
  async #reassign(old: string, now: string): Promise<void> {
    if (old === now) return;
    for (const e of await this.pending()) {
      if (e.kind === "vote" && e.body.assignment === old)
        await this.#shelf.put({ ...e, body: { ...e.body, assignment: now } });
      else if (e.kind === "undo" && e.assignment === old) await this.#shelf.put({ ...e, assignment: now });
    }
  }

  #ours(e: Entry): boolean {
    return e.project === this.#mine.project && e.person === this.#mine.person;
  }

  async #count(): Promise<void> {
    const all = await this.#shelf.all();
    const ours = all.filter((e) => this.#ours(e));
    const refused = ours.filter((e) => e.refused);
    this.state = {
      ...this.state,
      waiting: ours.length - refused.length,
      refused,
      foreign: all.length - ours.length,
    };
    this.#tell();
  }

  #line(line: State["line"]): void {
    if (this.state.line === line) return;
    this.state = { ...this.state, line };
    this.#tell();
  }

  #tell(): void {
    for (const watcher of this.#stateWatchers) watcher(this.state);
  }
}
