/** The registry as the page sees it: listening to keys, and its list as reactive state. */

import type { Command, Focus } from "./core/commands.ts";
import { registry } from "./state.svelte.ts";

class Commands {
  list = $state.raw<Command[]>([]);

  constructor() {
    registry.watch(() => {
      this.list = registry.all();
    });
  }
}

export const commands = new Commands();

/** Where the focus is, as the registry needs to know it. */
function focus({ target, key }: KeyboardEvent): Focus {
  if (!(target instanceof HTMLElement)) return "page";
  if (target.isContentEditable || target.matches("textarea, select")) return "text";
  // A field for numbers has no use for letters: they stay keys of the page ("e" may stand in a number).
  if (target instanceof HTMLInputElement && target.inputMode === "decimal" && /^[a-df-z?]$/i.test(key))
    return "page";
  if (target instanceof HTMLInputElement)
    return /^(?:checkbox|radio|range|button|submit)$/.test(target.type) ? "control" : "text";
  // The answers are part of the page: Enter on one sends it, as everywhere. So is what was merely clicked:
  // only a focus that shows (the ring of somebody who tabs) makes Enter press the button.
  const control = target.closest("a, button, summary");
  return control && !target.closest("[data-answers]") && control.matches(":focus-visible")
    ? "control"
    : "page";
}

/** Runs the command of a key, below a sheet only what works while typing. A key held down answers once. */
export function onKey(event: KeyboardEvent): void {
  if (event.isComposing || event.defaultPrevented) return;
  const command = registry.match(event, document.querySelector("dialog[open]") ? "text" : focus(event));
  if (!command) return;
  event.preventDefault();
  if (command !== "half" && !event.repeat) registry.run(command.id);
}
