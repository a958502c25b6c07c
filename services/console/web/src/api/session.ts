import type { paths } from "./generated/console";
import { Problem, problemOf } from "./problem";

type SignedIn = paths["/api/console/sign-in"]["post"]["responses"][200]["content"]["application/json"];
export type Opened = paths["/api/console/invitation/open"]["post"]["responses"][200]["content"]["application/json"];
export type User = SignedIn["user"];
export type Scope = User["scopes"][number];

export type Session =
  | { state: "unknown"; user: null; problem: Problem | null }
  | { state: "signed-out"; user: null; expired: boolean }
  | { state: "signed-in"; user: User };

/** A token with less than this left is renewed before it is used. Tokens live for five minutes. */
const MARGIN_MS = 45_000;

/** The access token lives here and nowhere else: not in storage, not in the page. */
let token: { value: string; endsAt: number } | null = null;
let session: Session = { state: "unknown", user: null, problem: null };
let renewing: Promise<void> | null = null;
const listeners = new Set<() => void>();

/** Signing out in one tab signs out the others, too. */
const otherTabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("kith.session");
if (otherTabs) {
  otherTabs.onmessage = () => {
    end(false);
  };
}

export function currentSession(): Session {
  return session;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export async function signIn(email: string, password: string): Promise<void> {
  begin((await post("/api/console/sign-in", { email, password })) as SignedIn);
}

/** Who invites to what; the link's token is the only credential. */
export async function openInvitation(token: string): Promise<Opened> {
  return (await post("/api/console/invitation/open", { token })) as Opened;
}

/** Becomes a user with a password of one's own, and is signed in. */
export async function acceptInvitation(token: string, password: string): Promise<void> {
  begin((await post("/api/console/invitation/accept", { token, password })) as SignedIn);
}

export async function signOut(): Promise<void> {
  try {
    await fetch("/api/console/sign-out", { method: "POST", headers: authorization() });
  } finally {
    end(false);
    otherTabs?.postMessage("signed-out");
  }
}

/** A fresh token for the session in the cookie. At most one request at a time; a session that is over signs out. */
export function renew(): Promise<void> {
  renewing ??= renewOnce().finally(() => {
    renewing = null;
  });
  return renewing;
}

async function renewOnce(): Promise<void> {
  try {
    begin((await post("/api/console/token")) as SignedIn);
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0);
    if (problem.status === 401) end(session.state === "signed-in");
    else if (session.state === "unknown") change({ state: "unknown", user: null, problem });
    throw problem;
  }
}

/**
 * `fetch` as the signed-in user. Renews the token before it ends, and once more when the service refuses it.
 * Throws a Problem when no answer came.
 */
export async function authorizedFetch(request: Request): Promise<Response> {
  if (!token || token.endsAt - Date.now() < MARGIN_MS) await renew();
  const again = request.clone();
  const response = await send(request);
  if (response.status !== 401) return response;
  await renew();
  return send(again);
}

async function send(request: Request): Promise<Response> {
  for (const [name, value] of Object.entries(authorization())) request.headers.set(name, value);
  return answerOf(fetch(request));
}

async function post(path: string, body?: object): Promise<unknown> {
  const response = await answerOf(
    fetch(path, {
      method: "POST",
      headers: body ? { "Content-Type": "application/json" } : {},
      body: body ? JSON.stringify(body) : null,
    }),
  );
  if (!response.ok) throw await problemOf(response);
  return response.json();
}

async function answerOf(pending: Promise<Response>): Promise<Response> {
  try {
    return await pending;
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Problem(0);
  }
}

function authorization(): Record<string, string> {
  return token ? { Authorization: `Bearer ${token.value}` } : {};
}

function begin(signedIn: SignedIn): void {
  token = { value: signedIn.access_token, endsAt: Date.now() + signedIn.expires_in * 1000 };
  if (session.state !== "signed-in" || !isSame(session.user, signedIn.user)) {
    change({ state: "signed-in", user: signedIn.user });
  }
}

/** Whether nothing changed that pages go by: an admin may have made somebody an agent meanwhile. */
function isSame(before: User, after: User): boolean {
  return before.id === after.id && before.role === after.role && before.name === after.name;
}

function end(expired: boolean): void {
  token = null;
  change({ state: "signed-out", user: null, expired });
}

function change(next: Session): void {
  session = next;
  for (const listener of listeners) listener();
}
