import { EventSourceParserStream } from "eventsource-parser/stream";
import { authorizedFetch } from "../../api/session";
import { type LiveEvent, understand } from "./protocol";

/** The server says something at least every 15 seconds; a line silent for longer than this is dead. */
const SILENCE_MS = 40_000;
/** A server that says goodbye sooner than this after a hello is not asked again at once. */
const MIN_LIFE_MS = 2_000;
const BACK_OFF_MS = [250, 1_000, 2_000, 4_000, 8_000, 15_000];

export type LineStatus =
  | { state: "connecting" }
  | { state: "live" }
  /** The line is gone, and the first attempt to get it back failed. */
  | { state: "lost" }
  /** Back after `lost`; what was missed has arrived. */
  | { state: "caught-up"; changes: number };

export interface Hearer {
  onEvent: (event: LiveEvent) => void;
  onStatus: (status: LineStatus) => void;
}

/** Holds one line to the live stream open until `close`, resuming after the last number seen. */
export class Line {
  private failures = 0;
  private wasLost = false;
  private readonly closed = new AbortController();
  private attempt = new AbortController();
  private wake: () => void = () => undefined;

  /** Resumes after `lastId`, the number of the last change that was heard before. */
  constructor(
    private readonly hearer: Hearer,
    public lastId: string | null = null,
  ) {}

  async open(): Promise<void> {
    this.hearer.onStatus({ state: "connecting" });
    while (!this.closed.signal.aborted) {
      const began = Date.now();
      const farewell = await this.listen().catch(() => false);
      if (this.closed.signal.aborted) return;
      if (farewell && Date.now() - began > MIN_LIFE_MS) continue;
      if (this.failures > 0 && !this.wasLost) {
        this.wasLost = true;
        this.hearer.onStatus({ state: "lost" });
      }
      await this.pause(BACK_OFF_MS[Math.min(this.failures, BACK_OFF_MS.length - 1)] ?? 0);
      this.failures += 1;
    }
  }

  close(): void {
    this.closed.abort();
    this.attempt.abort();
    this.wake();
  }

  /** The network is said to be back, or somebody looks again: no more waiting. */
  hurry(): void {
    this.wake();
  }

  /** One connection, to its end. True when the server said goodbye (the token ended) rather than broke off. */
  private async listen(): Promise<boolean> {
    this.attempt = new AbortController();
    const headers: Record<string, string> = { Accept: "text/event-stream" };
    if (this.lastId !== null) headers["Last-Event-ID"] = this.lastId;
    const url = new URL("/api/notification/live", window.location.origin);
    const response = await authorizedFetch(new Request(url, { headers, signal: this.attempt.signal, cache: "no-store" }));
    if (!response.ok || !response.body) throw new Error(`live stream: ${String(response.status)}`);
    return this.read(response.body);
  }

  private async read(body: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<boolean> {
    const watchdog = new Watchdog(() => {
      this.attempt.abort();
    });
    const heard = body.pipeThrough(watchdog.stream()).pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    const reader = heard.getReader();
    const arrears = new Arrears();
    let newest: string | null = null;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return false;
        const event = understand(value.event, value.data);
        if (value.id !== undefined) this.lastId = value.id;
        if (!event) continue;
        if (event.type === "bye") return true;
        if (event.type === "ready") {
          newest = String(event.newest);
          // What was read before the first hello may have missed a change.
          if (this.lastId === null) this.hearer.onEvent({ type: "reset" });
        }
        if (event.type === "reset") this.lastId = null;
        this.lastId ??= newest;
        this.hearer.onEvent(event);
        if (arrears.settledBy(event, this.lastId)) this.back(arrears.changes);
      }
    } finally {
      watchdog.stop();
      this.attempt.abort();
    }
  }

  private back(changes: number): void {
    this.failures = 0;
    this.hearer.onStatus(this.wasLost ? { state: "caught-up", changes } : { state: "live" });
    this.wasLost = false;
  }

  private pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds * (0.75 + Math.random() / 2));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Counts what arrives on a new connection until it has reached the newest number that `ready` named. */
export class Arrears {
  changes = 0;
  private newest: number | null = null;
  private settled = false;

  /** True once: when this event is the one that closes the gap. */
  settledBy(event: LiveEvent, lastId: string | null): boolean {
    if (this.settled) return false;
    if (event.type === "change") this.changes += 1;
    if (event.type === "ready") this.newest = event.newest;
    if (event.type === "reset") this.newest = 0;
    this.settled = this.newest !== null && Number(lastId ?? 0) >= this.newest;
    return this.settled;
  }
}

class Watchdog {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly onSilence: () => void) {
    this.feed();
  }

  feed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.onSilence, SILENCE_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  stream(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (chunk, controller) => {
        this.feed();
        controller.enqueue(chunk);
      },
    });
  }
}
