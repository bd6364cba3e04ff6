/** A server in memory with the contract's rules, for tests: idempotent by key, first-come assignments, failures on demand. */

import { Trouble } from "../src/core/trouble.ts";
import type * as T from "../src/core/types.ts";

export class Server {
  down = false;
  signedOut = false;
  /** Stores, but the answer is lost on its way back. */
  deaf = 0;
  refuse: T.Problem | null = null;
  votes = new Map<string, T.VoteIn>();
  requests: string[] = [];
  #retracted = new Set<string>();
  #undone = new Map<string, T.Assignment>();
  #open = new Map<string, T.Assignment>();
  #made = 0;
  items: T.Item[];

  constructor(n = 10) {
    this.items = Array.from({ length: n }, (_, i) => ({
      id: `i${i}`,
      text: `text ${i}`,
      media: null,
      kind: "text" as const,
      meta: {},
      group: null,
    }));
  }

  /** The answers in force, in the order in which they came. */
  get answers(): [string, unknown][] {
    return [...this.votes.values()]
      .filter((v) => !this.#retracted.has(v.key))
      .map((v) => [v.item, v.abstain ? null : v.answer]);
  }

  next = async (_q: string, n: number): Promise<T.Next> => {
    this.#gate("next");
    const answered = new Set(this.answers.map(([item]) => item));
    const given = [...this.#open.values()].filter((a) => !answered.has(a.item.id));
    const held = new Set(given.map((a) => a.item.id));
    for (const item of this.items)
      if (given.length < n && !answered.has(item.id) && !held.has(item.id)) given.push(this.#assign(item));
    return {
      assignments: given.slice(0, n),
      remaining: this.items.length - answered.size,
      done_by_me: answered.size,
      seconds_each: null,
    };
  };

  vote = async (_q: string, body: T.VoteIn): Promise<T.VoteOut> => {
    this.#gate("vote");
    const known = this.votes.get(body.key);
    if (known && JSON.stringify(known) !== JSON.stringify(body))
      throw new Trouble(409, { what: "The key is known with another answer", where: null, hint: null });
    if (!known && !this.#open.has(body.assignment))
      throw new Trouble(404, { what: "No such assignment", where: null, hint: null });
    if (!known && this.refuse) throw new Trouble(422, this.refuse);
    this.votes.set(body.key, body);
    this.#open.delete(body.assignment);
    this.#maybeDeaf();
    return {
      stored: true,
      new: !known,
      belief: { spam: 0.75, ham: 0.25 },
      revealed: [{ source: "prize", kind: "rule", answer: "spam", right: true }],
    };
  };

  undo = async (_q: string, body: T.UndoIn): Promise<T.UndoOut> => {
    this.#gate("undo");
    const again = this.#undone.get(body.key);
    if (again) return { stored: true, new: false, assignment: again };
    const vote = this.votes.get(body.retracts);
    if (!vote) throw new Trouble(404, { what: "No such answer of yours", where: null, hint: null });
    this.#retracted.add(body.retracts);
    const item = this.items.find((i) => i.id === vote.item) as T.Item;
    const assignment = this.#assign(item);
    this.#undone.set(body.key, assignment);
    this.#maybeDeaf();
    return { stored: true, new: true, assignment };
  };

  mine = async (): Promise<T.Mine[]> => {
    this.#gate("mine");
    return [...this.votes.values()]
      .filter((v) => !this.#retracted.has(v.key))
      .reverse()
      .map((v, i) => ({
        key: v.key,
        item: v.item,
        text_start: `text of ${v.item}`,
        answer: (v.abstain ? null : v.answer) as never,
        abstained: v.abstain ?? false,
        at: -i,
      }));
  };

  item = async (_q: string, id: string): Promise<T.ItemBelief> => {
    this.#gate("item");
    const item = this.items.find((i) => i.id === id) as T.Item;
    return { item, belief: {}, prior: {}, pushes: [], votes: [], hidden: false };
  };

  #assign(item: T.Item): T.Assignment {
    const made: T.Assignment = {
      id: `a${this.#made++}`,
      item,
      why: "The rules disagree.",
      stratum: "margin",
      probability: 0.5,
      version: 1,
      suggestion: null,
    };
    this.#open.set(made.id, made);
    return made;
  }

  #gate(what: string): void {
    this.requests.push(what);
    if (this.down) throw Trouble.unreachable();
    if (this.signedOut) throw Trouble.from(401, null);
  }

  #maybeDeaf(): void {
    if (this.deaf > 0) {
      this.deaf--;
      throw Trouble.unreachable();
    }
  }
}

export const question: T.Question = {
  name: "spam",
  text: "Is it spam?",
  instructions_html: "",
  answer: {
    type: "choice",
    labels: ["spam", "ham"],
    ordered: false,
    minimum: null,
    maximum: null,
    step: null,
    longest: null,
  },
  examples: [],
  suggestions: "off",
  overlap: 1,
  version: 1,
  hues: [0, 1],
};

export const me = { project: "p", person: "ada" };
