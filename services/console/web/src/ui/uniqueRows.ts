import type { Page } from "../api/page";

/** The rows of all pages; one that a later page brings again is shown once. */
export function uniqueRows<Row extends { id: string }>(pages: readonly Page<Row>[]): Row[] {
  const seen = new Set<string>();
  return pages.flatMap((page) => page.items).filter((row) => !seen.has(row.id) && seen.add(row.id));
}
