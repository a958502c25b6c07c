import type { QueryClient, QueryKey } from "@tanstack/react-query";

/** Waits until nothing is read into the query: a page read before a change would otherwise overwrite it. */
export async function settled(client: QueryClient, queryKey: QueryKey): Promise<void> {
  const busy = () => client.isFetching({ queryKey, exact: true }) > 0;
  while (busy()) {
    await new Promise<void>((resolve) => {
      const stop = client.getQueryCache().subscribe(() => {
        if (busy()) return;
        stop();
        resolve();
      });
    });
  }
}
