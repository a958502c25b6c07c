import { dataOf, done, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";
import type { Page } from "../../api/page";
import { problemOf } from "../../api/problem";
import { authorizedFetch } from "../../api/session";

const IMPORTS = "/api/identity/imports";
const ONE = "/api/identity/imports/{id}";
const FAULTS = "/api/identity/imports/{id}/faults";

export const IMPORTS_KEY = ["imports"] as const;
export type Import = paths[typeof ONE]["get"]["responses"][200]["content"]["application/json"];
export type Fault = paths[typeof FAULTS]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type Check = paths["/api/identity/imports/{id}/check"]["post"]["requestBody"]["content"]["application/json"];

const at = (id: string) => ({ path: { id } });

export async function getImports(place: { limit: number; cursor?: string }, signal: AbortSignal): Promise<Page<Import>> {
  return dataOf(await identity.GET(IMPORTS, { params: { query: place }, signal }));
}

export async function getImport(id: string, signal: AbortSignal): Promise<Import> {
  return dataOf(await identity.GET(ONE, { params: at(id), signal }));
}

/** What is said of a file; what is left out is found out. */
export interface Told {
  encoding?: string;
  delimiter?: string;
}

/** Sends a file as it is: the browser reads it piece by piece. Throws a Problem. */
export async function upload(file: File, told: Told = {}): Promise<Import> {
  const url = new URL(IMPORTS, window.location.origin);
  for (const [name, value] of Object.entries({ name: file.name.slice(-256), ...told })) url.searchParams.set(name, value as string);
  const response = await authorizedFetch(new Request(url, { method: "POST", body: file, headers: { "Content-Type": "text/csv" } }));
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Import;
}

export async function checkImport(id: string, body: Check): Promise<Import> {
  return dataOf(await identity.POST("/api/identity/imports/{id}/check", { params: at(id), body }));
}

export async function act(id: string, what: "run" | "cancel" | "undo"): Promise<Import> {
  switch (what) {
    case "run":
      return dataOf(await identity.POST("/api/identity/imports/{id}/run", { params: at(id) }));
    case "cancel":
      return dataOf(await identity.POST("/api/identity/imports/{id}/cancel", { params: at(id) }));
    case "undo":
      return dataOf(await identity.POST("/api/identity/imports/{id}/undo", { params: at(id) }));
  }
}

export async function forget(id: string): Promise<void> {
  done(await identity.DELETE(ONE, { params: at(id) }));
}

export async function getFaults(id: string, place: { limit: number; cursor?: string }, signal: AbortSignal) {
  return dataOf(await identity.GET(FAULTS, { params: { ...at(id), query: place }, signal }));
}

export async function getFields(signal: AbortSignal): Promise<{ id: string; name: string }[]> {
  const { items } = dataOf(await identity.GET("/api/identity/fields", { signal }));
  return items.filter((field) => !field.retired);
}

/** Has the browser keep all that is wrong as a file. Throws a Problem. */
export async function downloadFaults(id: string): Promise<void> {
  const response = await authorizedFetch(new Request(new URL(`${IMPORTS}/${encodeURIComponent(id)}/faults.csv`, window.location.origin)));
  if (!response.ok) throw await problemOf(response);
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = address;
  link.download = `${id}-faults.csv`;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}
