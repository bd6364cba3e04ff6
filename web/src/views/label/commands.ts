/** What the label view can do, besides the answers themselves (those belong to the tool). */

import type { Command } from "../../core/commands.ts";
import type { Session } from "../../core/session.svelte.ts";

export interface LabelView {
  session: Session;
  /** A dialogue of the view's own: instructions, one key, suggestion. */
  toggleInstructions: () => void;
  toggleOneKey: () => void;
  send: () => void;
  findLabel: () => void;
  hasLabelSearch: () => boolean;
  suggest: () => void;
  canSuggest: () => boolean;
}

export function labelCommands(view: LabelView): Command[] {
  const { session } = view;
  const command = (
    id: string,
    label: string,
    keys: string[],
    run: () => void | Promise<void>,
    more: Partial<Command> = {},
  ): Command => ({ id: `label.${id}`, label, group: "Label", keys, run, undo: "label.undo", ...more });
  const asked = () => session.current !== null;
  return [
    command("send", "Send the answer and go on", ["Enter"], view.send, { enabled: asked }),
    command("skip", "Skip it", ["s"], () => void session.skip(), { enabled: asked }),
    command("unsure", "Not sure: skip it and say so", ["u"], () => void session.skip("not sure"), {
      enabled: asked,
    }),
    command("undo", "Take the last answer back", ["z", "Mod+z"], () => void session.undo(), {
      undo: "label.send",
    }),
    command("back", "Look at the answer before", ["b", "ArrowLeft"], () => session.back(), {
      undo: "label.forward",
    }),
    command("forward", "Look at the answer after", ["ArrowRight"], () => session.forward(), {
      undo: "label.back",
      enabled: () => session.looking !== null,
    }),
    command("instructions", "Fold the instructions out or in", ["i"], view.toggleInstructions, {
      undo: "label.instructions",
    }),
    command("onekey", "Let one key send: on or off", ["q"], view.toggleOneKey, { undo: "label.onekey" }),
    command("find", "Find a label by name", ["/"], view.findLabel, {
      enabled: view.hasLabelSearch,
      undo: null,
    }),
    command("suggest", "Show what the others suggest", ["h"], view.suggest, {
      enabled: view.canSuggest,
      undo: null,
    }),
  ];
}
