/** Every action a person can take, in one registry: the keyboard, the help sheet and the palette are made from it. */

import { chords, clash, normal, type Press } from "./keys.ts";

export interface Command {
  /** Names it for ever: "label.send". */
  id: string;
  /** What it does, in plain words, as the help sheet and the palette show it. */
  label: string;
  /** Heading in the help sheet. */
  group: string;
  /** Bindings, the one to print first. Empty: reached through the palette only. */
  keys: readonly string[];
  run: () => void | Promise<void>;
  /** The command that takes it back; null if there is nothing to take back. */
  undo: string | null;
  /** False: it does nothing at the moment, and its key is free for the browser. */
  enabled?: () => boolean;
  /** Whether it also works while somebody types into a field. */
  typing?: boolean;
}

/** Where the focus is: in a text field, on a button or link of its own, or nowhere in particular. */
export type Focus = "text" | "control" | "page";

export class KeyCollision extends Error {}

const PATIENCE = 1200; // milliseconds that the first half of "g l" waits for the second

export class Registry {
  #commands = new Map<string, Command>();
  #half: { chord: string; at: number } | null = null;
  #watchers = new Set<() => void>();
  #now: () => number;

  constructor(now: () => number = () => Date.now()) {
    this.#now = now;
  }

  /** Adds commands and returns what removes them. Throws {@link KeyCollision} if a key or an id is taken. */
  add(commands: readonly Command[]): () => void {
    const together = [...this.#commands.values()];
    for (const command of commands) {
      if (together.some((c) => c.id === command.id))
        throw new KeyCollision(`Two commands are called ${command.id}`);
      const taken = collisions([...together, command])[0];
      if (taken) throw new KeyCollision(`${taken.key} means both “${taken.a.label}” and “${taken.b.label}”`);
      together.push(command);
    }
    for (const command of commands) this.#commands.set(command.id, command);
    this.#tell();
    return () => {
      for (const command of commands)
        if (this.#commands.get(command.id) === command) this.#commands.delete(command.id);
      this.#tell();
    };
  }

  /** All commands, in the order in which they were added. */
  all(): Command[] {
    return [...this.#commands.values()];
  }

  get(id: string): Command | undefined {
    return this.#commands.get(id);
  }

  run(id: string): void {
    const command = this.#commands.get(id);
    if (command && (command.enabled?.() ?? true)) void command.run();
  }

  /** The command for a press, or "half" when it begins a longer binding, or null. Does not run it. */
  match(press: Press, focus: Focus = "page"): Command | "half" | null {
    const pressed = chords(press);
    if (!pressed.length || (focus === "control" && /^(?:Enter|Space)$/.test(pressed[0] ?? ""))) return null;
    const usable = this.all().filter((c) => (c.enabled?.() ?? true) && (focus !== "text" || c.typing));
    const bound = (wanted: string) => usable.find((c) => c.keys.some((k) => normal(k) === wanted));
    const half = this.#half && this.#now() - this.#half.at <= PATIENCE ? `${this.#half.chord} ` : null;
    this.#half = null;
    for (const start of half ? [half, ""] : [""])
      for (const chord of pressed) {
        const hit = bound(start + chord);
        if (hit) return hit;
        if (!start && usable.some((c) => c.keys.some((k) => normal(k).startsWith(`${chord} `)))) {
          this.#half = { chord, at: this.#now() };
          return "half";
        }
      }
    return null;
  }

  /** Calls `watcher` whenever commands come or go; returns what stops it. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

export interface Collision {
  key: string;
  a: Command;
  b: Command;
}

/** Every pair of commands that one key would run. */
export function collisions(commands: readonly Command[]): Collision[] {
  const found: Collision[] = [];
  commands.forEach((b, i) => {
    for (const a of commands.slice(0, i))
      for (const key of b.keys) if (a.keys.some((k) => clash(k, key))) found.push({ key, a, b });
  });
  return found;
}

/**
 * How well `query` fits `text`: null if its letters do not all occur in this order, else larger is better.
 * Whole words and beginnings of words count most.
 */
export function closeness(query: string, text: string): number | null {
  const [q, t] = [query.trim().toLowerCase(), text.toLowerCase()];
  if (!q) return 0;
  const at = t.indexOf(q);
  if (at >= 0)
    return 1000 - at - t.length / 100 + (at === 0 || /[^\p{L}\p{N}]/u.test(t[at - 1] ?? "") ? 500 : 0);
  let place = -1;
  let gaps = 0;
  for (const letter of q) {
    if (letter === " ") continue;
    const next = t.indexOf(letter, place + 1);
    if (next < 0) return null;
    gaps += next - place - 1;
    place = next;
  }
  return 100 - gaps;
}
