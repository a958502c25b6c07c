/** What the live stream says, one line of it. Shapes of GET /api/notification/live. */
const KINDS = ["client", "chat-contact", "queue", "request", "alert", "banner"] as const;
/** `request`: a message left; an `alert` or a `banner` asks the user to look at one, and its id is the message's. */
export type Kind = (typeof KINDS)[number];

export interface Change {
  /** Its number; what a lost line resumes after. */
  n: number;
  kind: Kind;
  id: string;
  client_id: string | null;
  /** Where a message was left. */
  queue_id: string | null;
  /** Whether this is the first that is told of it. */
  created: boolean;
}

export type LiveEvent =
  | { type: "ready"; newest: number }
  | { type: "change"; change: Change }
  /** Everything up to a number was told, though the last of it was for others. */
  | { type: "mark"; newest: number }
  | { type: "reset" }
  | { type: "bye" };

/** Null for anything unknown: a newer server may say more than this page understands. */
export function understand(event: string | undefined, data: string): LiveEvent | null {
  if (event === "reset") return { type: "reset" };
  if (event === "bye") return { type: "bye" };
  const body = parsed(data);
  if (!body) return null;
  if (event === "ready") return { type: "ready", newest: typeof body.n === "number" ? body.n : 0 };
  if (event === "mark") return { type: "mark", newest: typeof body.n === "number" ? body.n : 0 };
  if (event !== "change") return null;
  const { n, id, created } = body;
  const kind = KINDS.find((known) => known === body.kind);
  if (typeof n !== "number" || typeof id !== "string" || !kind) return null;
  return { type: "change", change: { n, kind, id, client_id: idOf(body.client_id), queue_id: idOf(body.queue_id), created: created === true } };
}

function idOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function parsed(data: string): Record<string, unknown> | null {
  try {
    const body: unknown = JSON.parse(data);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
