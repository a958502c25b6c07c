const MOST = 500;

/** Which messages this browser has told the user of already, so that nothing is told twice, in any tab or after a restart. */
export class AlreadyTold {
  private readonly key: string;

  constructor(userId: string) {
    this.key = `kith.told.${userId}`;
  }

  /** Those of `ids` that were not told yet. */
  others(ids: readonly string[]): string[] {
    const told = new Set(this.read());
    return ids.filter((id) => !told.has(id));
  }

  add(ids: readonly string[]): void {
    try {
      localStorage.setItem(this.key, JSON.stringify([...new Set([...this.read(), ...ids])].slice(-MOST)));
    } catch {
      // Storage is forbidden here: after a restart what is unseen is told again.
    }
  }

  private read(): string[] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(stored) ? stored.filter((id): id is string => typeof id === "string") : [];
    } catch {
      return [];
    }
  }
}
