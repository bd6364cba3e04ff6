import type { Problem } from "./types.ts";

/** Why a request brought nothing: what, where and a hint, and whether asking again can help. */
export class Trouble extends Error {
  readonly what: string;
  readonly where: string | null;
  readonly hint: string | null;
  /** The HTTP status; 0 if the server could not be reached. */
  readonly status: number;

  constructor(status: number, problem: Problem) {
    super(problem.what);
    this.status = status;
    this.what = problem.what;
    this.where = problem.where ?? null;
    this.hint = problem.hint ?? null;
  }

  static unreachable(): Trouble {
    return new Trouble(0, {
      what: "The server does not answer",
      where: null,
      hint: "Is groundswell still running in its terminal?",
    });
  }

  static late(): Trouble {
    return new Trouble(0, {
      what: "The server takes too long",
      where: null,
      hint: "It may be busy with something large. Asking again does no harm.",
    });
  }

  /** From whatever body came with the status; a body of another shape gives a plain sentence. */
  static from(status: number, body: unknown): Trouble {
    const b = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
    const text = (v: unknown) => (typeof v === "string" && v ? v : null);
    const what =
      text(b.what) ?? (status === 401 ? "This page is not signed in" : `The server answered ${status}`);
    return new Trouble(status, { what, where: text(b.where), hint: text(b.hint) });
  }

  /** The session has ended: the address from the terminal opens a new one. */
  get signedOut(): boolean {
    return this.status === 401;
  }

  /** Worth asking again later: no network, a busy or restarting server, an ended session. */
  get passing(): boolean {
    return (
      this.status === 0 ||
      this.status === 401 ||
      this.status === 408 ||
      this.status === 429 ||
      this.status >= 500
    );
  }
}
