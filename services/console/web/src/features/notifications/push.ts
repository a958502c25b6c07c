import { addPush, getPushKey, removePush } from "../../api/notifications";

/** Whether this browser can be pushed to at all. */
export function canPush(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window;
}

export async function pushSubscription(): Promise<PushSubscription | null> {
  if (!canPush()) return null;
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Lets this browser be pushed to, in words of `language`. Rejects where the browser or its push service refuses. */
export async function subscribe(language: string): Promise<void> {
  await navigator.serviceWorker.register(`/sw.js?language=${language}`, { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(await getPushKey()) });
  try {
    await addPush(made.toJSON());
  } catch (error) {
    await made.unsubscribe();
    throw error;
  }
}

export async function unsubscribe(): Promise<void> {
  const there = await pushSubscription();
  if (!there) return;
  await removePush(there.endpoint);
  await there.unsubscribe();
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
