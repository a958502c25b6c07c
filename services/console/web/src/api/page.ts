/** One page of a list, as every service answers it. */
export interface Page<Row> {
  items: Row[];
  /** Where the next page begins; null on the last one. */
  next_cursor?: string | null;
  total: number;
  /** False when counting stopped at the bound, 10,000. */
  total_is_exact: boolean;
}

/** The pages of a list, with its total as it was counted again. */
export function withTotal<Row, Data extends { pages: Page<Row>[] }>(data: Data, { total, total_is_exact }: Page<Row>): Data {
  return { ...data, pages: data.pages.map((page) => ({ ...page, total, total_is_exact })) };
}

export const PAGE_SIZE = 50;
