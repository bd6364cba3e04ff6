/** One person answering one question: what is on screen, what is at hand, what was said before. No DOM. */

import type { Api } from "./client.ts";
import type { Outbox, Stored } from "./outbox.ts";
import { given, type Past, remembered, same, title } from "./past.ts";
import type { Entry } from "./shelf.ts";
import { Trouble } from "./trouble.ts";
import type * as T from "./types.ts";
import { uuid7 } from "./uuid.ts";

/** Items fetched ahead, so that the next one is painted at once and a short cut of the line is not felt. */
const AHEAD = 6;
/** Fewer than these at hand: fetch more. A few answers late, so that what is asked follows from the newest beliefs. */
const LOW = 4;
/** Seconds until asking again when there was nothing to answer. */
const AGAIN = 4;
/** Answers in a round, for the progress bar. */
export const ROUND = 20;
/** Past answers fetched when the page opens. */
const HISTORY = 50;
/** Longest time that one answer may claim, in seconds: beyond it somebody went for lunch. */
const LONGEST = 600;

export type Phase = "loading" | "asking" | "done" | "none free" | "waiting";

export class Session {
  readonly question: T.Question;
  queue = $state.raw<T.Assignment[]>([]);
  past = $state.raw<Past[]>([]);
  /** Place in `past` that is looked at; null: the next question is. */
  looking = $state<number | null>(null);
  draft = $state.raw<T.Answer | null>(null);
  phase = $state<Phase>("loading");
  trouble = $state.raw<Trouble | null>(null);
  remaining = $state(0);
  secondsEach = $state<number | null>(null);
  /** Answers given in this sitting, undone ones taken off. */
  sitting = $state(0);
  #before = $state(0);

  #api: Pick<Api, "next" | "mine" | "item">;
  #outbox: Outbox;
  #who: { project: string; person: string };
  #clock: () => number;
  #shownAt: number | null = null;
  #spent = 0;
  #fetching: Promise<void> | null = null;
  #answered = new Set<string>();
  #awaited: { undo: string; past: Past } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #closed = false;
  #stop: () => void;

  constructor(
    question: T.Question,
    api: Pick<Api, "next" | "mine" | "item">,
    outbox: Outbox,
    who: { project: string; person: string },
    clock: () => number = () => performance.now(),
  ) {
    this.question = question;
    this.#api = api;
    this.#outbox = outbox;
    this.#who = who;
    this.#clock = clock;
    this.#stop = outbox.stored((s) => this.#onStored(s));
  }

  /** What is on screen: the next question, or an earlier answer that is looked at. */
  get current(): Past | T.Assignment | null {
    return this.looking === null ? (this.queue[0] ?? null) : (this.past[this.looking] ?? null);
  }

  get item(): T.Item | null {
    return this.current?.item ?? null;
  }

  /** The answer whose feedback is shown: the last one, or the one that is looked at. */
  get told(): Past | null {
    return this.past[this.looking ?? this.past.length - 1] ?? null;
  }

  /** All answers of this person, undone ones taken off. */
  get done(): number {
    return this.#before + this.sitting;
  }

  get canUndo(): boolean {
    return this.past.length > 0 && this.#awaited === null;
  }

  /** Fetches the first questions and the answers given before. */
  async open(): Promise<void> {
    await this.#outbox.send();
    await Promise.all([this.#recall(), this.refill()]);
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#stop();
  }

  /** The page is hidden: time does not count. */
  pause(): void {
    if (this.#shownAt !== null) this.#spent += this.#clock() - this.#shownAt;
    this.#shownAt = null;
  }

  resume(): void {
    if (this.#shownAt === null) this.#shownAt = this.#clock();
  }

  /** Sends the draft and goes on. Looking back, an unchanged answer is left as it is. False: nothing to send. */
  send(): boolean {
    const shown = this.current;
    if (!shown || this.draft === null) return false;
    if (this.looking !== null) return this.#correct(this.looking, this.draft, "");
    return this.#answer(this.draft, "");
  }

  /** Goes on without an answer; `note` says why ("not sure"). */
  skip(note = ""): boolean {
    if (this.looking !== null) return this.#correct(this.looking, null, note);
    return this.#answer(null, note);
  }

  /** Takes the last answer back and asks it again. */
  undo(): boolean {
    const last = this.past.at(-1);
    if (!last || !this.canUndo) return false;
    this.past = this.past.slice(0, -1);
    this.looking = null;
    this.#count(-1);
    this.#answered.delete(last.itemId);
    const undo = this.#undoEntry(last);
    if (last.assignment) this.#ask(last.assignment, last.answer);
    else this.#awaited = { undo: undo.key, past: last };
    void this.#takeBack(last, undo);
    return true;
  }

  /** Looks at the answer before; it can be changed there. */
  async back(): Promise<void> {
    const place = (this.looking ?? this.past.length) - 1;
    if (place >= 0) await this.look(place);
  }

  /** Looks at the answer after, at last at the next question. */
  async forward(): Promise<void> {
    if (this.looking !== null) await this.look(this.looking + 1);
  }

  /** Looks at one of `past`; past its end, at the next question. */
  async look(place: number): Promise<void> {
    const past = this.past[place];
    this.looking = past ? place : null;
    this.draft = past ? past.answer : this.#first(this.queue[0]);
    this.#restart();
    if (!past || past.item) return;
    try {
      const { item } = await this.#api.item(this.question.name, past.itemId);
      this.past = this.past.map((p) => (p.key === past.key ? { ...p, item } : p));
    } catch (e) {
      this.#fail(e);
    }
  }

  /** Fetches questions until enough are at hand. */
  refill(): Promise<void> {
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = null;
    });
    return this.#fetching;
  }

  async #fetch(): Promise<void> {
    if (this.queue.length >= LOW) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      const [wait, sitting] = [this.#outbox.state.waiting, this.sitting];
      const next = await this.#api.next(this.question.name, Math.min(AHEAD + wait, 50));
      const known = new Set(this.queue.map((a) => a.item.id));
      const unsent = new Set((await this.#outbox.pending()).map((e) => e.kind === "vote" && e.body.item));
      const fresh = next.assignments.filter(
        (a) => !known.has(a.item.id) && !this.#answered.has(a.item.id) && !unsent.has(a.item.id),
      );
      const empty = this.queue.length === 0;
      this.queue = [...this.queue, ...fresh];
      // The server cannot count what it has not heard of yet; then the page's own count goes on.
      if (wait === 0 || this.phase === "loading")
        this.remaining = Math.max(0, next.remaining - wait - (this.sitting - sitting));
      this.secondsEach = next.seconds_each;
      if (this.sitting === 0 && wait === 0) this.#before = next.done_by_me;
      this.trouble = null;
      if (this.queue.length) this.phase = "asking";
      else this.phase = next.remaining > wait ? "none free" : "done";
      if (empty && this.looking === null) this.#show(this.queue[0]);
    } catch (e) {
      this.#fail(e);
    }
    if (!this.queue.length && this.phase !== "done" && !this.#closed)
      this.#timer = setTimeout(() => void this.refill(), AGAIN * 1000);
  }

  async #recall(): Promise<void> {
    try {
      const mine = await this.#api.mine(this.question.name, HISTORY);
      const known = new Set(this.past.map((p) => p.key));
      const earlier = mine.filter((m) => !known.has(m.key)).reverse();
      this.past = [...earlier.map(remembered), ...this.past];
      if (this.looking !== null) this.looking += earlier.length;
    } catch (e) {
      this.#fail(e);
    }
  }

  #answer(answer: T.Answer | null, note: string): boolean {
    const assignment = this.queue[0];
    if (!assignment) return false;
    const entry = this.#voteEntry(assignment, answer, note);
    this.past = [...this.past, given(entry.key, assignment, answer, note)];
    this.#answered.add(assignment.item.id);
    this.queue = this.queue.slice(1);
    this.#count(1);
    if (!this.queue.length) this.phase = "waiting";
    this.#show(this.queue[0]);
    void this.#outbox.add(entry).then(() => {
      if (this.queue.length < LOW - 1) void this.refill();
    });
    return true;
  }

  #correct(place: number, answer: T.Answer | null, note: string): boolean {
    const past = this.past[place];
    if (!past) return false;
    if (!same(answer, past.answer) || note !== past.note) void this.#replace(past, answer, note);
    void this.forward();
    return true;
  }

  async #replace(past: Past, answer: T.Answer | null, note: string): Promise<void> {
    const undo = this.#undoEntry(past);
    if (past.assignment) {
      const entry = this.#voteEntry(past.assignment, answer, note);
      const now = given(entry.key, past.assignment, answer, note);
      this.past = this.past.map((p) => (p.key === past.key ? now : p));
      const refused = await this.#outbox.drop(past.key);
      await this.#outbox.add(...(refused ? [entry] : [undo, entry]));
      return;
    }
    // Answered in an earlier sitting: the undo brings the assignment to answer anew.
    const stop = this.#outbox.stored((s) => {
      if (s.key !== undo.key || s.kind !== "undo") return;
      stop();
      if (!s.result.assignment) return;
      const entry = this.#voteEntry(s.result.assignment, answer, note);
      const now = given(entry.key, s.result.assignment, answer, note);
      this.past = this.past.map((p) => (p.key === past.key ? now : p));
      void this.#outbox.add(entry);
    });
    await this.#outbox.add(undo);
  }

  /** An answer that the server refused was never there: it is dropped instead of undone. */
  async #takeBack(past: Past, undo: Entry): Promise<void> {
    if (!(await this.#outbox.drop(past.key))) await this.#outbox.add(undo);
  }

  #voteEntry(assignment: T.Assignment, answer: T.Answer | null, note: string): Entry {
    const key = uuid7();
    this.pause();
    const seconds = Math.round(Math.min(this.#spent / 1000, LONGEST) * 10) / 10;
    const said = answer === null ? { abstain: true } : { answer, abstain: false };
    const body = { key, assignment: assignment.id, item: assignment.item.id, version: assignment.version };
    return {
      ...this.#about(assignment.item),
      key,
      kind: "vote",
      body: { ...body, ...said, seconds, note },
    };
  }

  #undoEntry(past: Past): Entry {
    const key = uuid7();
    return {
      ...this.#who,
      question: this.question.name,
      text: past.text,
      key,
      kind: "undo",
      body: { key, retracts: past.key },
      assignment: past.assignment?.id ?? null,
    };
  }

  #about(item: T.Item) {
    return { ...this.#who, question: this.question.name, text: title(item) };
  }

  #onStored(stored: Stored): void {
    if (stored.kind === "vote") {
      const { belief, revealed } = stored.result;
      this.past = this.past.map((p) => (p.key === stored.key ? { ...p, stored: true, belief, revealed } : p));
      void this.refill();
      return;
    }
    const again = stored.result.assignment;
    const awaited = this.#awaited?.undo === stored.key ? this.#awaited.past : null;
    if (awaited) this.#awaited = null;
    if (!again) return;
    if (awaited) this.#ask(again, awaited.answer);
    else {
      this.queue = this.queue.map((a) => (a.item.id === again.item.id ? again : a));
      this.past = this.past.map((p) =>
        p.assignment?.item.id === again.item.id ? { ...p, assignment: again } : p,
      );
    }
  }

  /** Puts a question first, with the answer that it had. */
  #ask(assignment: T.Assignment, answer: T.Answer | null): void {
    this.queue = [assignment, ...this.queue.filter((a) => a.item.id !== assignment.item.id)];
    this.phase = "asking";
    this.looking = null;
    this.draft = answer;
    this.#restart();
  }

  #show(assignment: T.Assignment | undefined): void {
    this.draft = this.#first(assignment);
    this.#restart();
  }

  #first(assignment: T.Assignment | undefined): T.Answer | null {
    const filled = this.question.suggestions === "pre-filled" ? assignment?.suggestion : null;
    return (filled as T.Answer | null | undefined) ?? null;
  }

  #restart(): void {
    this.#spent = 0;
    this.#shownAt = this.#clock();
  }

  #count(by: 1 | -1): void {
    this.sitting += by;
    this.remaining = Math.max(0, this.remaining - by);
  }

  #fail(e: unknown): void {
    if (!(e instanceof Trouble)) throw e;
    this.trouble = e;
    if (!this.queue.length) this.phase = "waiting";
  }
}
