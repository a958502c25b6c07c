import { Line, type Hearer, type LineStatus } from "./line";
import type { LiveEvent } from "./protocol";

type Said =
  | { say: "event"; event: LiveEvent; lastId: string | null }
  | { say: "status"; status: LineStatus; lastId: string | null }
  /** A tab that just opened asks how it stands. */
  | { say: "who" };

/**
 * One line for all tabs of a user: the tab that holds the lock has it, and tells the others what it hears. When that
 * tab closes another takes the line up after the last number it heard. Browsers hold few lines to one server.
 */
export class SharedLine {
  /** Whether this tab has the line. */
  leads = false;
  private line: Line | null = null;
  private lastId: string | null = null;
  private status: LineStatus = { state: "connecting" };
  private heard = false;
  private readonly closed = new AbortController();
  private readonly channel: BroadcastChannel | null;

  constructor(
    private readonly hearer: Hearer,
    private readonly name: string,
  ) {
    this.channel = "locks" in navigator && typeof BroadcastChannel !== "undefined" ? new BroadcastChannel(name) : null;
  }

  open(): void {
    // Without locks, as on pages that are not served over TLS, each tab has a line of its own.
    if (!this.channel) {
      void this.lead();
      return;
    }
    this.channel.onmessage = ({ data }: MessageEvent<Said>) => {
      this.hear(data);
    };
    this.tell({ say: "who" });
    navigator.locks.request(this.name, { signal: this.closed.signal }, () => this.lead()).catch(() => undefined);
  }

  close(): void {
    this.closed.abort();
    this.line?.close();
    this.channel?.close();
  }

  hurry(): void {
    this.line?.hurry();
  }

  /** Holds the line until this tab closes. */
  private async lead(): Promise<void> {
    this.leads = true;
    const line = new Line(
      {
        onEvent: (event) => {
          this.lastId = line.lastId;
          this.tell({ say: "event", event, lastId: line.lastId });
          this.hearer.onEvent(event);
        },
        onStatus: (status) => {
          this.status = status;
          this.tell({ say: "status", status, lastId: line.lastId });
          this.hearer.onStatus(status);
        },
      },
      this.lastId,
    );
    this.line = line;
    if (this.closed.signal.aborted) line.close();
    await line.open();
  }

  private hear(said: Said): void {
    if (said.say === "who") {
      if (this.leads) this.tell({ say: "status", status: this.status, lastId: this.lastId });
      return;
    }
    if (this.leads) return;
    this.lastId = said.lastId;
    if (said.say === "status") this.hearer.onStatus(said.status);
    // What this tab read before it heard of the line may have missed a change.
    const first = !this.heard;
    this.heard = true;
    if (first) this.hearer.onEvent({ type: "reset" });
    if (said.say === "event") this.hearer.onEvent(said.event);
  }

  private tell(said: Said): void {
    if (!this.closed.signal.aborted) this.channel?.postMessage(said);
  }
}
