import { identity } from "../../api/client";
import { Problem } from "../../api/problem";
import { asked, type Rule } from "../../api/labels";
import type { Whom } from "../../api/jobs";

/** Ids that one request takes. */
const AT_ONCE = 200;

/** CSV for spreadsheets; JSON, one a line, for programs. */
export type FileKind = "csv" | "ndjson";

/** Writes the chosen clients, or all that match, to a file that the browser saves. Throws a Problem. */
export async function exportClients(kind: FileKind, whom: Whom): Promise<void> {
  const parts = "ids" in whom ? await inTurn(kind, whom.ids) : [await read(kind, whom.filter, [], true)];
  const url = URL.createObjectURL(new Blob(parts));
  const link = document.createElement("a");
  link.href = url;
  link.download = `clients-${new Date().toISOString().slice(0, 10)}.${kind}`;
  link.click();
  // The browser has begun to save it by then.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 60_000);
}

/** Of the later parts of a CSV file the header is left out. */
async function inTurn(kind: FileKind, ids: readonly string[]): Promise<(Blob | string)[]> {
  const parts: (Blob | string)[] = [];
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const part = await read(kind, {}, ids.slice(start, start + AT_ONCE), start === 0);
    parts.push(kind === "ndjson" || start === 0 ? part : withoutHeader(await part.text()));
  }
  return parts;
}

async function read(kind: FileKind, filter: Rule, id: string[], bom: boolean): Promise<Blob> {
  const { search, registered, source, tag, not_tag, group, segment } = asked(filter);
  const lists = Object.fromEntries(Object.entries({ id, source, tag, not_tag, group, segment }).filter(([, values]) => values.length > 0));
  const query = { ...(search && { search }), ...(registered !== null && { registered }), ...lists };
  const { data, error, response } =
    kind === "csv"
      ? await identity.GET("/api/identity/clients.csv", { params: { query: { ...query, bom } }, parseAs: "blob" })
      : await identity.GET("/api/identity/clients.ndjson", { params: { query }, parseAs: "blob" });
  if (!response.ok || data === undefined) throw new Problem(response.status, error);
  return data as unknown as Blob;
}

/** A header is one line: no name of a field has a line break. */
function withoutHeader(text: string): string {
  return text.slice(text.indexOf("\n") + 1);
}
