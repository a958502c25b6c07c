import { afterEach, beforeEach, expect, test, vi } from "vitest";

type Answer = () => Response;
const user = { id: "u", email: "ada@example.com", name: "Ada", role: "agent", scopes: [], workspace_id: "w", workspace_name: "W" };
let asked: { path: string; bearer: string | null }[] = [];

function answers(byPath: Record<string, Answer[]>) {
  vi.stubGlobal("fetch", (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, "http://kith.test"), init);
    const path = new URL(request.url).pathname;
    asked.push({ path, bearer: request.headers.get("Authorization") });
    const next = byPath[path]?.shift();
    return next ? Promise.resolve(next()) : Promise.reject(new TypeError(`no answer for ${path}`));
  });
}

const token = (value: string, expires_in = 300) => () => Response.json({ access_token: value, expires_in, user });
const refused = () => Response.json({ title: "Over" }, { status: 401 });
const list = () => new Request("http://kith.test/api/identity/clients");

async function fresh() {
  vi.resetModules();
  return import("./session");
}

beforeEach(() => {
  asked = [];
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test("many requests at once share one fresh token", async () => {
  const { authorizedFetch } = await fresh();
  answers({ "/api/console/token": [token("t1")], "/api/identity/clients": [() => new Response("a"), () => new Response("b")] });
  await Promise.all([authorizedFetch(list()), authorizedFetch(list())]);
  expect(asked.map(({ path, bearer }) => [path, bearer])).toEqual([
    ["/api/console/token", null],
    ["/api/identity/clients", "Bearer t1"],
    ["/api/identity/clients", "Bearer t1"],
  ]);
});

test("a token about to end is renewed before it is used", async () => {
  const { authorizedFetch, signIn } = await fresh();
  answers({ "/api/console/sign-in": [token("short", 30)], "/api/console/token": [token("t2")], "/api/identity/clients": [() => new Response("a")] });
  await signIn("ada@example.com", "x");
  await authorizedFetch(list());
  expect(asked.at(-1)?.bearer).toBe("Bearer t2");
});

test("a refused token is renewed once", async () => {
  const { authorizedFetch, signIn } = await fresh();
  answers({
    "/api/console/sign-in": [token("t1")],
    "/api/console/token": [token("t2")],
    "/api/identity/clients": [refused, () => new Response("a")],
  });
  await signIn("ada@example.com", "x");
  expect((await authorizedFetch(list())).status).toBe(200);
  expect(asked.at(-1)?.bearer).toBe("Bearer t2");
});

test("a session that is over signs out, and says that it had been on", async () => {
  const { authorizedFetch, currentSession, signIn } = await fresh();
  answers({ "/api/console/sign-in": [token("t1")], "/api/console/token": [refused], "/api/identity/clients": [refused] });
  await signIn("ada@example.com", "x");
  await expect(authorizedFetch(list())).rejects.toMatchObject({ status: 401 });
  expect(currentSession()).toMatchObject({ state: "signed-out", expired: true });
});

test("no network is not the end of the session", async () => {
  const { authorizedFetch, currentSession, signIn } = await fresh();
  answers({ "/api/console/sign-in": [token("t1", 10)] });
  await signIn("ada@example.com", "x");
  await expect(authorizedFetch(list())).rejects.toMatchObject({ status: 0 });
  expect(currentSession().state).toBe("signed-in");
});
