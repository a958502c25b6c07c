import { dataOf, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";
import type { Page } from "../../api/page";
import { problemOf } from "../../api/problem";
import { authorizedFetch } from "../../api/session";

const ERASURE = "/api/identity/erasures/{id}";
export type Erasure = paths[typeof ERASURE]["get"]["responses"][200]["content"]["application/json"];
type Data = paths["/api/identity/clients/{id}/data"]["get"]["responses"][200]["content"]["application/json"];

/** Services that keep something of a person, beside identity. */
const OTHERS = ["ingest", "notification", "broadcast"] as const;
const CHATS_AT_ONCE = 200;

/** What an erasure would remove, and the word that goes into the request that does it. */
export interface About {
  confirm: string;
  chatContacts: number;
  mergedClients: number;
}

/** Asks for the first time: nothing is removed by that. Throws a Problem. */
export async function aboutErasing(id: string): Promise<About> {
  const { error, response } = await identity.POST("/api/identity/clients/{id}/erase", { params: { path: { id } }, body: {} });
  const problem = await problemOf(new Response(JSON.stringify(error ?? null), { status: response.status }));
  const { confirm, chat_contacts: chats, merged_clients: merged } = problem.more;
  if (problem.kind !== "confirm-erasure" || typeof confirm !== "string") throw problem;
  return { confirm, chatContacts: Number(chats), mergedClients: Number(merged) };
}

export async function erase(id: string, confirm: string): Promise<Erasure> {
  return dataOf(await identity.POST("/api/identity/clients/{id}/erase", { params: { path: { id } }, body: { confirm } }));
}

export async function getErasure(id: string, signal: AbortSignal): Promise<Erasure> {
  return dataOf(await identity.GET(ERASURE, { params: { path: { id } }, signal }));
}

export async function getErasures(place: { limit: number; cursor?: string }, signal: AbortSignal): Promise<Page<Erasure>> {
  return dataOf(await identity.GET("/api/identity/erasures", { params: { query: place }, signal }));
}

/** Gathers all that every service keeps of a person, each in its own words. Throws a Problem. */
export async function gatherData(id: string): Promise<object> {
  const own = dataOf(await identity.GET("/api/identity/clients/{id}/data", { params: { path: { id } } }));
  const chats = (own.parts.chat_contacts ?? []).map((one) => String((one as { id: unknown }).id));
  const others = await Promise.all(OTHERS.flatMap((service) => partsOf(chats).map((some) => ofService(service, some))));
  return { client_id: id, gathered_at: own.gathered_at, services: [own, ...others] };
}

function partsOf(ids: string[]): string[][] {
  const parts: string[][] = [];
  for (let place = 0; place < ids.length; place += CHATS_AT_ONCE) parts.push(ids.slice(place, place + CHATS_AT_ONCE));
  return parts;
}

async function ofService(service: string, chats: string[]): Promise<Data> {
  const url = new URL(`/api/${service}/people/data`, window.location.origin);
  for (const chat of chats) url.searchParams.append("chat_contact_id", chat);
  const response = await authorizedFetch(new Request(url));
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Data;
}

/** Has the browser keep something as a JSON file. */
export function keepAsFile(name: string, content: object): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 10_000);
}

