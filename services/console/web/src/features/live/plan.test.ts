import { expect, test } from "vitest";
import { plan, sorted } from "./plan";
import type { Change } from "./protocol";

const change = (id: string, client_id: string | null = null, n = 1): Change => ({ n, kind: "chat-contact", id, client_id, queue_id: null, created: false });
const isGone = ({ client_id }: Change) => client_id !== null;

test("of several changes to one row the last one counts", () => {
  const { asked, left } = sorted([change("a"), change("a", "client", 2)], isGone);
  expect(asked).toEqual([]);
  expect(left.map(({ n }) => n)).toEqual([2]);
});

test("a visitor who became a client is marked with the client's id, without being asked about", () => {
  const { asked, left } = sorted([change("a", "client-1"), change("b")], isGone);
  const { gone } = plan(new Set(["a", "b"]), asked, left, [{ row: { id: "b", rev: 2 }, belongs: true }]);
  expect(asked).toEqual(["b"]);
  expect([...gone]).toEqual([["a", { is: "gone", clientId: "client-1" }]]);
});

test("somebody who became a client elsewhere is of no interest to a list that does not show them", () => {
  expect(plan(new Set(["x"]), [], [change("a", "client-1")], []).gone.size).toBe(0);
});

test("a shown row that the service no longer gives is gone; one it gives is renewed; an unknown one has arrived", () => {
  const read = [
    { row: { id: "b", rev: 2 }, belongs: true },
    { row: { id: "new", rev: 1 }, belongs: true },
    { row: { id: "other", rev: 1 }, belongs: false },
  ];
  const { changed, arrived, gone } = plan(new Set(["a", "b"]), ["a", "b", "new", "other"], [], read);
  expect(changed.map(({ id }) => id)).toEqual(["b"]);
  expect(arrived.map(({ id }) => id)).toEqual(["new"]);
  expect([...gone.keys()]).toEqual(["a"]);
});

test("where it cannot be told whether a row belongs, it stays if it is shown and does not come if it is not", () => {
  const read = ["shown", "other"].map((id) => ({ row: { id, rev: 2 }, belongs: "unsure" as const }));
  const { changed, arrived, gone } = plan(new Set(["shown"]), ["shown", "other"], [], read);
  expect(changed.map(({ id }) => id)).toEqual(["shown"]);
  expect(arrived).toEqual([]);
  expect(gone.size).toBe(0);
});

test("a row that the filter no longer lets through is shown as it is now, and marked as gone", () => {
  const { changed, gone } = plan(new Set(["a"]), ["a"], [], [{ row: { id: "a", rev: 5 }, belongs: false }]);
  expect(changed).toEqual([{ id: "a", rev: 5 }]);
  expect(gone.get("a")).toEqual({ is: "gone", clientId: null });
});
