/** Collects items and hands them on together: the first soon, then at most once per `everyMs`. */
export class Gatherer<Item> {
  private items: Item[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private last = -Infinity;

  constructor(
    private readonly handOn: (items: Item[]) => void,
    private readonly everyMs: number,
    /** How long even the first one waits for others: one event in the world is often two changes. */
    private readonly firstMs = 20,
  ) {}

  add(item: Item): void {
    this.items.push(item);
    if (this.timer !== undefined) return;
    const wait = Math.max(this.firstMs, this.last + this.everyMs - performance.now());
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.last = performance.now();
      this.handOn(this.items.splice(0));
    }, wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.items = [];
  }
}
