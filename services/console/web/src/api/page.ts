/** One page of a list, as every service answers it. */
export interface Page<Row> {
  items: Row[];
  /** Where the next page begins; null on the last one. */
  next_cursor?: string | null;
  total: number;
  /** False when counting stopped at the bound, 10,000. */
  total_is_exact: boolean;
}

export const PAGE_SIZE = 50;
