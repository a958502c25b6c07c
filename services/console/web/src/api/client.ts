import createClient from "openapi-fetch";
import type { paths as ConsolePaths } from "./generated/console";
import type { paths as IdentityPaths } from "./generated/identity";
import type { paths as IngestPaths } from "./generated/ingest";
import type { paths as NotificationPaths } from "./generated/notification";
import { Problem } from "./problem";
import { authorizedFetch } from "./session";

/** Lists of ids and such are repeated: `?id=a&id=b`. */
const shape = { fetch: authorizedFetch, querySerializer: { array: { style: "form", explode: true } } } as const;

export const consoleApi = createClient<ConsolePaths>(shape);
export const identity = createClient<IdentityPaths>(shape);
export const ingest = createClient<IngestPaths>(shape);
export const notification = createClient<NotificationPaths>(shape);

/** The data of an openapi-fetch answer; throws a Problem for anything but success. */
export function dataOf<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) throw new Problem(answer.response.status, answer.error);
  return answer.data;
}

/** For an answer without a body; throws a Problem for anything but success. */
export function done({ error, response }: { error?: unknown; response: Response }): void {
  if (!response.ok) throw new Problem(response.status, error);
}
