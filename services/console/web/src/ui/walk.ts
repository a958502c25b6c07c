const PAGE = 10;

/** Where a key leads from row `index` of `count`; null for keys that do not walk. */
export function stepTo(key: string, index: number, count: number): number | null {
  if (index < 0 || count === 0) return null;
  switch (key) {
    case "ArrowDown":
      return Math.min(index + 1, count - 1);
    case "ArrowUp":
      return Math.max(index - 1, 0);
    case "PageDown":
      return Math.min(index + PAGE, count - 1);
    case "PageUp":
      return Math.max(index - PAGE, 0);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
