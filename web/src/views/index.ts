/** The views, in the order of the road. Everything that lists them (tabs, keys, palette) is made from this table. */

import type { Component } from "svelte";
import type { Command } from "../core/commands.ts";
import type { Project } from "../core/types.ts";
import { go, shared } from "../state.svelte.ts";
import { applyTheme, nextTheme } from "../theme.ts";

export interface View {
  key: string;
  title: string;
  /** Second half of "g …". */
  letter: string;
  load: () => Promise<{ default: Component }>;
  /** Names of the road's stages that it stands for. */
  stages: string[];
}

export const views: readonly View[] = [
  {
    key: "road",
    title: "Road",
    letter: "o",
    load: () => import("./Road.svelte"),
    stages: [],
  },
  {
    key: "explore",
    title: "Explore",
    letter: "e",
    load: () => import("./Explore.svelte"),
    stages: ["collect", "explore"],
  },
  {
    key: "rules",
    title: "Rules",
    letter: "r",
    load: () => import("./Rules.svelte"),
    stages: ["cast", "rules"],
  },
  {
    key: "label",
    title: "Label",
    letter: "l",
    load: () => import("./Label.svelte"),
    stages: ["label", "ask"],
  },
  {
    key: "beliefs",
    title: "Beliefs",
    letter: "b",
    load: () => import("./Beliefs.svelte"),
    stages: ["believe", "beliefs"],
  },
  { key: "audit", title: "Audit", letter: "a", load: () => import("./Audit.svelte"), stages: ["audit"] },
  {
    key: "release",
    title: "Release",
    letter: "v",
    load: () => import("./Release.svelte"),
    stages: ["release"],
  },
  {
    key: "train",
    title: "Train",
    letter: "t",
    load: () => import("./Train.svelte"),
    stages: ["train", "evaluate"],
  },
  {
    key: "watch",
    title: "Watch",
    letter: "w",
    load: () => import("./Watch.svelte"),
    stages: ["watch", "serve"],
  },
];

/** The figure beside a view's name. */
export function figureOf(view: View, project: Project): string {
  return project.stages.filter((s) => view.stages.includes(s.key)).at(-1)?.figure ?? "";
}

/** What works everywhere. */
export function appCommands(): Command[] {
  const goTo = views.map((v): Command => ({
    id: `go.${v.key}`,
    label: `Go to ${v.title}`,
    group: "Go to",
    keys: [`g ${v.letter}`],
    run: () => go(v.key),
    undo: null,
  }));
  return [
    ...goTo,
    {
      id: "app.help",
      label: "Show all keys",
      group: "Everywhere",
      keys: ["?"],
      run: () => shared.open("help"),
      undo: null,
    },
    {
      id: "app.palette",
      label: "Find anything",
      group: "Everywhere",
      keys: ["Mod+k"],
      typing: true,
      run: () => shared.open("palette"),
      undo: null,
    },
    {
      id: "app.waiting",
      label: "Show what waits to be saved",
      group: "Everywhere",
      keys: ["g s"],
      run: () => shared.open("outbox"),
      undo: null,
    },
    {
      id: "app.theme",
      label: "Switch between the system's colours, light and dark",
      group: "Everywhere",
      keys: ["g d"],
      run: () => applyTheme(nextTheme()),
      undo: "app.theme",
    },
  ];
}
