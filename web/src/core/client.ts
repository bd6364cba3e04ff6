/** The typed client: one method per route, {@link Trouble} for everything that goes wrong. */

import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";
import { Trouble } from "./trouble.ts";
import type * as T from "./types.ts";

/** Milliseconds until a request counts as unanswered. */
const PATIENCE = 20_000;
/** The same where the server has much to work out: a map of all items, an audit. */
const LONG_PATIENCE = 600_000;

export type Order = "doubtful" | "sure" | "item";

export interface BeliefQuery {
  order?: Order;
  label?: string;
  offset?: number;
  limit?: number;
}

async function unwrap<D>(
  request: Promise<{ data?: D | undefined; error?: unknown; response: Response }>,
): Promise<D> {
  let answer: Awaited<typeof request>;
  try {
    answer = await request;
  } catch (e) {
    throw e instanceof DOMException && e.name === "TimeoutError" ? Trouble.late() : Trouble.unreachable();
  }
  if (!answer.response.ok || answer.data === undefined)
    throw Trouble.from(answer.response.status, answer.error);
  return answer.data;
}

export type Api = ReturnType<typeof connect>;

/** `baseUrl` is where the page came from; `fetch` may be replaced in tests. */
export function connect(baseUrl: string, fetch: typeof globalThis.fetch = (...a) => globalThis.fetch(...a)) {
  const client = (patience: number) =>
    createClient<paths>({
      baseUrl,
      fetch: (request: Request) =>
        fetch(new Request(request, { signal: AbortSignal.timeout(patience), credentials: "same-origin" })),
    });
  const http = client(PATIENCE);
  const slow = client(LONG_PATIENCE);
  const at = (question: string) => ({ path: { q: question } });
  return {
    project: (question?: string): Promise<T.Project> =>
      unwrap(http.GET("/api/project", { params: { query: question ? { question } : {} } })),
    next: (question: string, n: number): Promise<T.Next> =>
      unwrap(http.GET("/api/questions/{q}/next", { params: { ...at(question), query: { n } } })),
    vote: (question: string, body: T.VoteIn): Promise<T.VoteOut> =>
      unwrap(http.POST("/api/questions/{q}/votes", { params: at(question), body })),
    undo: (question: string, body: T.UndoIn): Promise<T.UndoOut> =>
      unwrap(http.POST("/api/questions/{q}/undo", { params: at(question), body })),
    mine: (question: string, limit: number): Promise<T.Mine[]> =>
      unwrap(http.GET("/api/questions/{q}/mine", { params: { ...at(question), query: { limit } } })),
    sources: (question: string): Promise<T.Source[]> =>
      unwrap(http.GET("/api/questions/{q}/sources", { params: at(question) })),
    beliefs: (question: string, query: BeliefQuery): Promise<T.Beliefs> =>
      unwrap(http.GET("/api/questions/{q}/beliefs", { params: { ...at(question), query } })),
    item: (question: string, item: string): Promise<T.ItemBelief> =>
      unwrap(http.GET("/api/questions/{q}/items/{id}", { params: { path: { q: question, id: item } } })),
    explore: (question: string): Promise<T.Explore> =>
      unwrap(slow.GET("/api/explore", { params: { query: { question } } })) as Promise<T.Explore>,
    audit: (question: string): Promise<T.Audit> =>
      unwrap(slow.GET("/api/audit", { params: { query: { question } } })),
    releases: (): Promise<T.Release[]> => unwrap(http.GET("/api/releases")),
    models: (): Promise<T.Model[]> => unwrap(slow.GET("/api/models")),
    watch: (): Promise<T.Watch[]> => unwrap(slow.GET("/api/watch")),
  };
}
