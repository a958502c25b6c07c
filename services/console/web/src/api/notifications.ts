import { useQuery } from "@tanstack/react-query";
import { problemOf } from "./problem";
import { authorizedFetch } from "./session";

const MINE = "/api/notification/me/notifications";

interface QueueWays {
  sound?: boolean | null;
  desktop?: boolean | null;
  push?: boolean | null;
  email?: boolean | null;
  off?: boolean;
}

/** How the user wants to be told of messages that were left. */
export interface Settings {
  sound: boolean;
  desktop: boolean;
  push: boolean;
  email: boolean;
  quiet_hours: { on: boolean; from: string; to: string; days: number[]; time_zone: string };
  queues: Record<string, QueueWays>;
  language: string | null;
}

export interface Banners {
  items: { request_id: string; queue_id: string; queue_name: string }[];
  total: number;
}

async function ask(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<Response> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  const response = await authorizedFetch(new Request(new URL(path, window.location.origin), { method, signal: signal ?? null, ...json }));
  if (!response.ok) throw await problemOf(response);
  return response;
}

export async function getBanners(signal?: AbortSignal): Promise<Banners> {
  return (await ask("GET", "/api/notification/me/banners", undefined, signal)).json() as Promise<Banners>;
}

export async function setSettings(settings: Settings): Promise<Settings> {
  return (await ask("PUT", MINE, settings, undefined)).json() as Promise<Settings>;
}

export interface Tried {
  outcome: "sent" | "waits" | "failed" | "nowhere";
  detail: string;
}

/** Has the service tell the user once, by one way. */
export async function tryWay(way: string): Promise<Tried> {
  return (await ask("POST", `${MINE}/try`, { way }, undefined)).json() as Promise<Tried>;
}

export async function getPushKey(): Promise<string> {
  return ((await (await ask("GET", "/api/notification/push/key", undefined, undefined)).json()) as { public_key: string }).public_key;
}

export async function addPush(subscription: PushSubscriptionJSON): Promise<void> {
  const { endpoint, keys } = subscription;
  await ask("PUT", "/api/notification/push/subscriptions", { endpoint, keys }, undefined);
}

export async function removePush(endpoint: string): Promise<void> {
  await ask("DELETE", "/api/notification/push/subscriptions", { endpoint }, undefined);
}

export const SETTINGS_KEY = ["my-notifications"] as const;

export async function getSettings(signal?: AbortSignal): Promise<Settings> {
  return (await ask("GET", MINE, undefined, signal)).json() as Promise<Settings>;
}

export function useSettings() {
  return useQuery({ queryKey: SETTINGS_KEY, queryFn: ({ signal }) => getSettings(signal), staleTime: 60_000 });
}
