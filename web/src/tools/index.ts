/** One folder per answer type; a new one is picked up by its name. Tools never import one another. */

import type { Component } from "svelte";
import type { Registry } from "../core/commands.ts";
import type { Answer, Question } from "../core/types.ts";

export interface ToolProps {
  question: Question;
  /** The answer as far as it has been given. */
  draft: Answer | null;
  /** Changes with every item: what a tool remembers about an item it forgets then. */
  item: string;
  registry: Registry;
  /** Takes a changed draft. `final`: it needs nothing more (a single label was chosen). */
  onchange: (draft: Answer | null, final?: boolean) => void;
}

interface Tool {
  /** The answer that sending without touching anything means, if that is an answer. */
  untouched?: Answer;
  default: Component<ToolProps>;
}

const folders = import.meta.glob<Tool>("./*/index.ts");

/** The tool of an answer type, or null if this version of the page has none. */
export async function tool(type: string): Promise<Tool | null> {
  return (await folders[`./${type}/index.ts`]?.()) ?? null;
}
