import { problemOf } from "../../api/problem";
import { authorizedFetch } from "../../api/session";

/** What a list is filtered by, as GET /clients takes it. */
export type Asked = Record<string, string | readonly string[] | boolean | undefined>;

/** Has the browser keep all that a filter means as a file, read as it is written. Throws a Problem. */
export async function exportClients(kind: "csv" | "ndjson", asked: Asked): Promise<void> {
  const url = new URL(`/api/identity/clients.${kind}`, window.location.origin);
  for (const [name, value] of Object.entries(asked)) {
    for (const one of Array.isArray(value) ? (value as string[]) : [value]) {
      if (one !== undefined && one !== "") url.searchParams.append(name, String(one));
    }
  }
  const response = await authorizedFetch(new Request(url));
  if (!response.ok) throw await problemOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `clients-${new Date().toISOString().slice(0, 10)}.${kind}`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}
