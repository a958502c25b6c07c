import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "../api/problem";

/** What is seen again is there at once and refreshed behind; the live stream, not the window's focus, says when. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      gcTime: 10 * 60_000,
      staleTime: 0,
      refetchOnWindowFocus: false,
      retry: (failures, error) => failures < 1 && asProblem(error).passing,
      retryDelay: 600,
    },
  },
});
