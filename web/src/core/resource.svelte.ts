import { Trouble } from "./trouble.ts";

/** Something asked of the server: the value once it is there, or the trouble. The value stays while asking anew. */
export class Resource<V> {
  value = $state.raw<V | null>(null);
  trouble = $state.raw<Trouble | null>(null);
  loading = $state(false);
  #turn = 0;

  /** Only the newest request counts; an older answer that comes late is dropped. */
  async load(request: () => Promise<V>): Promise<void> {
    const turn = ++this.#turn;
    this.loading = true;
    try {
      const value = await request();
      if (turn !== this.#turn) return;
      this.value = value;
      this.trouble = null;
    } catch (e) {
      if (!(e instanceof Trouble)) throw e;
      if (turn === this.#turn) this.trouble = e;
    } finally {
      if (turn === this.#turn) this.loading = false;
    }
  }
}
