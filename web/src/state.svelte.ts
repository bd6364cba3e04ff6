/** What all views share: the client, the commands, the outbox, the project and the place. */

import { connect } from "./core/client.ts";
import { Registry } from "./core/commands.ts";
import { Outbox, type State } from "./core/outbox.ts";
import { openShelf } from "./core/shelf.ts";
import { Trouble } from "./core/trouble.ts";
import type { Project } from "./core/types.ts";

export const api = connect(location.origin);
export const registry = new Registry();
export const apple = /Mac|iPhone|iPad/.test(navigator.platform);

class Shared {
  project = $state.raw<Project | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  saving = $state.raw<State>({ waiting: 0, refused: [], foreign: 0, line: "online" });
  outbox = $state.raw<Outbox | null>(null);
  /** The sheet that lies over the page, if any. */
  sheet = $state<"help" | "palette" | "outbox" | null>(null);
  #question: string | undefined;

  open(sheet: NonNullable<Shared["sheet"]>): void {
    this.sheet = sheet;
  }

  /** Asks where the project stands; the first time it also opens the outbox. */
  async refresh(question: string | undefined = this.#question): Promise<void> {
    this.#question = question;
    try {
      const project = await api.project(question);
      // First the outbox: whoever sees the project may answer.
      if (!this.outbox) await this.#openOutbox(project);
      this.project = project;
      this.trouble = null;
    } catch (e) {
      if (!(e instanceof Trouble)) throw e;
      this.trouble = e;
    }
  }

  async #openOutbox(project: Project): Promise<void> {
    const locks = navigator.locks as LockManager | undefined; // absent outside secure contexts
    const outbox = new Outbox(
      await openShelf(),
      api,
      { project: project.name, person: project.person },
      locks ? (work) => locks.request("groundswell-outbox", work) : undefined,
    );
    outbox.watch((state) => {
      this.saving = state;
    });
    addEventListener("online", () => void outbox.send());
    this.outbox = outbox;
    void outbox.send();
  }
}

export const shared = new Shared();

/** The place: "#/beliefs?item=ab" is the view "beliefs" with item "ab". */
class Place {
  view = $state("road");
  query = $state.raw(new URLSearchParams());

  constructor() {
    this.#read();
    addEventListener("hashchange", () => this.#read());
  }

  #read(): void {
    const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
    this.view = path || "road";
    this.query = new URLSearchParams(query);
  }
}

export const place = new Place();

/** "#/beliefs?item=ab" from "/beliefs" and its query. */
export function href(path: string, query: Record<string, string> = {}): string {
  const q = new URLSearchParams(query).toString();
  return `#/${path.replace(/^[#/]+/, "")}${q ? `?${q}` : ""}`;
}

export function go(path: string, query: Record<string, string> = {}): void {
  location.hash = href(path, query);
}
