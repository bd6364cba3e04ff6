/** Answers given before. */

import { start } from "./format.ts";
import type * as T from "./types.ts";

/** An answer given: in this sitting (with its assignment), or in an earlier one (fetched when looked at). */
export interface Past {
  key: string;
  item: T.Item | null;
  itemId: string;
  text: string;
  answer: T.Answer | null;
  note: string;
  assignment: T.Assignment | null;
  /** The server has it on disk. */
  stored: boolean;
  belief: Record<string, number> | null;
  revealed: T.VoteOut["revealed"];
}

/** A line that stands for an item in lists. */
export function title(item: T.Item, length = 60): string {
  return start(item.text ?? String(item.meta.name ?? item.id), length);
}

/** An answer just given. */
export function given(key: string, assignment: T.Assignment, answer: T.Answer | null, note: string): Past {
  const { item } = assignment;
  const unsaid = { stored: false, belief: null, revealed: [] };
  return { key, item, itemId: item.id, text: title(item), answer, note, assignment, ...unsaid };
}

/** An answer of an earlier sitting, as the server remembers it. */
export function remembered(m: T.Mine): Past {
  const text = start(m.text_start || m.item, 60);
  const answer = (m.answer ?? null) as T.Answer | null;
  const unsaid = { assignment: null, stored: true, belief: null, revealed: [] };
  return { key: m.key, item: null, itemId: m.item, text, answer, note: "", ...unsaid };
}

export function same(a: T.Answer | null, b: T.Answer | null): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
