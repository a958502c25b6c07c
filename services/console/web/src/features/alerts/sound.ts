/** Which of the tabs sounds: one that the browser lets, and of those the one that holds this lock. */
const NAME = "kith.sound";

/** One short sound of two notes, made here; false where the browser does not let this page sound. */
export async function chime(): Promise<boolean> {
  const context = new AudioContext();
  if (context.state !== "running") await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, 500))]).catch(() => undefined);
  if ((context.state as string) !== "running") {
    void context.close();
    return false;
  }
  note(context, 784, 0);
  note(context, 1047, 0.14).onended = () => void context.close();
  return true;
}

function note(context: AudioContext, frequency: number, after: number): OscillatorNode {
  const begins = context.currentTime + after;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0.0001, begins);
  volume.gain.exponentialRampToValueAtTime(0.25, begins + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, begins + 0.32);
  tone.connect(volume).connect(context.destination);
  tone.start(begins);
  tone.stop(begins + 0.34);
  return tone;
}

/** Sounds once, however many tabs ask or are open: the tab that holds the lock does it for all. */
export class OneSound {
  private holds = false;
  private readonly closed = new AbortController();
  private readonly channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(NAME);

  constructor() {
    if (!this.channel || !("locks" in navigator)) {
      this.holds = true;
      return;
    }
    this.channel.onmessage = () => {
      if (this.holds) void chime();
    };
    // Browsers let a page sound once somebody has clicked or typed in it.
    if (navigator.userActivation?.hasBeenActive) this.stand();
    else {
      const once = { once: true, capture: true, signal: this.closed.signal };
      for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, this.stand, once);
    }
  }

  play(): void {
    if (this.holds) void chime();
    else this.channel?.postMessage("chime");
  }

  close(): void {
    this.closed.abort();
    this.channel?.close();
  }

  private readonly stand = () => {
    if (this.closed.signal.aborted) return;
    navigator.locks
      .request(NAME, { signal: this.closed.signal }, () => {
        this.holds = true;
        return new Promise<void>((resolve) => {
          this.closed.signal.addEventListener("abort", () => {
            resolve();
          });
        });
      })
      .catch(() => undefined);
  };
}
