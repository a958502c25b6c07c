/** What went wrong with a request, in the shape of RFC 9457. Every failed request ends in one of these. */
export class Problem extends Error {
  /** The HTTP status; 0 when no answer came at all. */
  readonly status: number;
  readonly title: string;
  /** What kind of problem it is, for programs: `last-admin`; null where the service did not say. */
  readonly kind: string | null;
  /** What to do about it, in the service's words. */
  readonly detail: string | null;
  /** Finds the request in the logs. */
  readonly requestId: string | null;
  readonly fields: readonly { field: string; message: string }[];
  /** What the service says beyond that, by name: on 409 the newer version of what was changed meanwhile. */
  readonly more: Readonly<Record<string, unknown>>;
  /** Set on 410: who a merged client lives on as. */
  readonly survivorId: string | null;

  constructor(status: number, body: unknown = null) {
    const given = isRecord(body) ? body : {};
    const title = text(given.title) ?? "";
    super(title || `HTTP ${String(status)}`);
    this.name = "Problem";
    this.status = status;
    this.title = title;
    this.kind = text(given.type)?.replace(/^urn:kith:problem:/, "") ?? null;
    this.detail = text(given.detail);
    this.requestId = text(given.request_id);
    this.survivorId = isRecord(given.survivor) ? text(given.survivor.id) : null;
    this.more = given;
    this.fields = Array.isArray(given.errors) ? given.errors.filter(isFieldError) : [];
  }

  /** True where asking again may help: no answer, or the service's own trouble. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export function asProblem(error: unknown): Problem {
  return error instanceof Problem ? error : new Problem(0);
}

/** Reads the body of a failed response; one that is no problem document still makes a Problem. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  return new Problem(response.status, body);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isFieldError(value: unknown): value is { field: string; message: string } {
  return isRecord(value) && typeof value.field === "string" && typeof value.message === "string";
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
