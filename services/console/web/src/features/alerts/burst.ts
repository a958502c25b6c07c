/** With no more than this between them, alerts are one burst, in milliseconds. */
const GAP_MS = 10_000;
/** A burst that goes on sounds again after so long. */
const LONGEST_MS = 60_000;

/** Tells the first alert of a burst from the others: the first sounds, the next hundred are one note with a number. */
export class Burst {
  /** How many came since the burst began. */
  count = 0;
  private began = -Infinity;
  private last = -Infinity;

  /** Takes so many alerts at a moment (milliseconds); true when they begin a burst. */
  add(many: number, now: number): boolean {
    const begins = now - this.last > GAP_MS || now - this.began > LONGEST_MS;
    if (begins) {
      this.began = now;
      this.count = 0;
    }
    this.last = now;
    this.count += many;
    return begins;
  }
}
