/** Where answers wait: IndexedDB, so that a closed or crashed tab loses none; plain memory where there is none. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { Problem, UndoIn, VoteIn } from "./types.ts";

interface Common {
  /** The client-made key (UUIDv7); entries are sent in its order. */
  key: string;
  /** Whose answer to what: an entry is sent only by a page of the same project, person and question. */
  project: string;
  person: string;
  question: string;
  /** The item's beginning, to show what waits. */
  text: string;
  /** Why the server will not take it, if it will not. */
  refused?: Problem;
}

export type Entry = Common &
  (
    | { kind: "vote"; body: VoteIn }
    // `assignment`: the one whose answer is taken back, if this page knows it
    | { kind: "undo"; body: UndoIn; assignment: string | null }
  );

export interface Shelf {
  /** Whether entries outlive the page. */
  readonly lasting: boolean;
  /** All entries, oldest first. */
  all(): Promise<Entry[]>;
  /** Stores entries, all or none. */
  put(...entries: Entry[]): Promise<void>;
  remove(key: string): Promise<void>;
}

interface Schema extends DBSchema {
  outbox: { key: string; value: Entry };
}

/** The lasting shelf, or one in memory if the browser offers no storage. */
export async function openShelf(name = "groundswell"): Promise<Shelf> {
  try {
    return new DiskShelf(
      await openDB<Schema>(name, 1, {
        upgrade: (db) => void db.createObjectStore("outbox", { keyPath: "key" }),
      }),
    );
  } catch {
    return new MemoryShelf();
  }
}

class DiskShelf implements Shelf {
  #db: IDBPDatabase<Schema>;
  // What the disk would not take (full, storage cleared under the page): kept while the page lives.
  #spill = new MemoryShelf();
  lasting = true;

  constructor(db: IDBPDatabase<Schema>) {
    this.#db = db;
  }

  async all(): Promise<Entry[]> {
    const onDisk = await this.#db.getAll("outbox").catch(() => []);
    const spilt = await this.#spill.all();
    return spilt.length ? [...onDisk, ...spilt].sort(byKey) : onDisk;
  }

  async put(...entries: Entry[]): Promise<void> {
    try {
      const tx = this.#db.transaction("outbox", "readwrite", { durability: "strict" });
      await Promise.all([...entries.map((e) => tx.store.put(e)), tx.done]);
    } catch {
      this.lasting = false;
      await this.#spill.put(...entries);
    }
  }

  async remove(key: string): Promise<void> {
    await this.#spill.remove(key);
    await this.#db.delete("outbox", key).catch(() => undefined);
  }
}

const byKey = (a: Entry, b: Entry): number => (a.key < b.key ? -1 : 1);

export class MemoryShelf implements Shelf {
  readonly lasting = false;
  #entries = new Map<string, Entry>();

  async all(): Promise<Entry[]> {
    return [...this.#entries.values()].sort(byKey).map((e) => structuredClone(e));
  }

  async put(...entries: Entry[]): Promise<void> {
    for (const e of entries) this.#entries.set(e.key, structuredClone(e));
  }

  async remove(key: string): Promise<void> {
    this.#entries.delete(key);
  }
}
