/** The typed client: one method per route, {@link Trouble} for everything that goes wrong. */

import createClient from "openapi-fetch";
import type { paths } from "./schema.d.ts";
import { Trouble } from "./trouble.ts";
import type * as T from "./types.ts";

const PATIENCE = 20_000; // milliseconds until a request counts as unanswered

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
  } catch {
    throw Trouble.unreachable();
  }
  if (!answer.response.ok || answer.data === undefined)
    throw Trouble.from(answer.response.status, answer.error);
  return answer.data;
}

export type Api = ReturnType<typeof connect>;

/** `baseUrl` is where the page came from; `fetch` may be replaced in tests. */
export function connect(baseUrl: string, fetch: typeof globalThis.fetch = (...a) => globalThis.fetch(...a)) {
  const http = createClient<paths>({
    baseUrl,
    fetch: (request: Request) =>
      fetch(new Request(request, { signal: AbortSignal.timeout(PATIENCE), credentials: "same-origin" })),
  });
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
      unwrap(http.GET("/api/explore", { params: { query: { question } } })) as Promise<T.Explore>,
    audit: (question: string): Promise<T.Audit> =>
      unwrap(http.GET("/api/audit", { params: { query: { question } } })),
    releases: (): Promise<T.Release[]> => unwrap(http.GET("/api/releases")),
    models: (): Promise<T.Model[]> => unwrap(http.GET("/api/models")),
    watch: (): Promise<T.Watch[]> => unwrap(http.GET("/api/watch")),
  };
}
