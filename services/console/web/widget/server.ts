/** Requests to Kith: a device's token, kept for the next visit, and what comes of each. */
import type { Queue } from "./queue";
import type { Choice, Site } from "./types";

export interface Item {
  event_id: string;
  type: "message" | "press" | "identify" | "seen" | "form";
  ts: string;
  payload: Record<string, unknown>;
}

export interface HistoryItem {
  id: string;
  at: string;
  direction: "in" | "out";
  kind: string;
  text: string;
  n: number | null;
  buttons: Choice[];
}

/** Kith said no, for good; trying again would not help. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** What is wrong at which field. */
    readonly errors: { field: string; message: string }[] = [],
  ) {
    super(detail);
  }
}

/** It may work later. `seconds`: not before then, where Kith says so. */
export class Away extends Error {
  constructor(readonly seconds: number | undefined) {
    super("away");
  }
}

export class Server {
  private readonly place: string;
  private beginning: Promise<string> | undefined;

  constructor(private readonly site: Site) {
    this.place = `kith:${site.key}:token`;
  }

  /** Ask, as this device. A token that is not taken any more is given up for a new one, once. */
  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await this.request(path, await this.token(), init);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 401 || error.message !== "not-a-device") throw error;
      forget(this.place);
      this.beginning = undefined;
      return await this.request(path, await this.token(), init);
    }
  }

  async tell(item: Item): Promise<void> {
    const body = JSON.stringify({ ...item, sent_at: new Date().toISOString() });
    await this.ask("events", { method: "POST", body, headers: { "Content-Type": "application/json" } });
  }

  async history(): Promise<{ items: HistoryItem[]; n: number }> {
    return (await this.ask("messages")).json();
  }

  async state(): Promise<Queue | null> {
    const language = encodeURIComponent(this.site.language);
    return ((await (await this.request(`state?language=${language}`, "", {})).json()) as { queue: Queue | null }).queue;
  }

  private token(): Promise<string> {
    const kept = recall(this.place);
    if (kept) return Promise.resolve(kept);
    this.beginning ??= this.request("session", "", { method: "POST" })
      .then((answer) => answer.json())
      .then((session: { token: string }) => {
        keep(this.place, session.token);
        return session.token;
      })
      .catch((error: unknown) => {
        this.beginning = undefined;
        throw error;
      });
    return this.beginning;
  }

  private async request(path: string, token: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token) headers.set("Authorization", `Bearer ${token}`);
    let answer: Response;
    try {
      answer = await fetch(`${this.site.origin}/widget/${this.site.key}/${path}`, {
        ...init,
        headers,
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      throw new Away(undefined);
    }
    if (answer.ok) return answer;
    if (answer.status === 429 || answer.status >= 500) throw new Away(Number(answer.headers.get("Retry-After")) || undefined);
    const problem = await answer.json().catch(() => ({}));
    const slug = String(problem.type ?? "").split(":").pop();
    const detail = slug === "not-a-device" ? slug : String(problem.detail ?? answer.status);
    throw new Refused(answer.status, detail, Array.isArray(problem.errors) ? problem.errors : []);
  }
}

const memory = new Map<string, string>();

/** Kept where the browser allows it, else for as long as the page lives. */
export function keep(name: string, value: string) {
  memory.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // memory has it
  }
}

export function recall(name: string): string | null {
  try {
    return localStorage.getItem(name) ?? memory.get(name) ?? null;
  } catch {
    return memory.get(name) ?? null;
  }
}

/** Names of what is kept that begin with this. */
export function keptUnder(prefix: string): string[] {
  const names = new Set([...memory.keys()]);
  try {
    for (let at = 0; at < localStorage.length; at++) names.add(localStorage.key(at)!);
  } catch {
    // memory has all there is
  }
  return [...names].filter((name) => name.startsWith(prefix)).sort();
}

export function forget(name: string) {
  memory.delete(name);
  try {
    localStorage.removeItem(name);
  } catch {
    // memory was all
  }
}

export const newId = () => `ev_${Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
