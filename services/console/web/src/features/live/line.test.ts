import { expect, test } from "vitest";
import { Arrears } from "./line";
import { type LiveEvent, understand } from "./protocol";

const change = (n: number): LiveEvent => ({ type: "change", change: { n, kind: "client", id: "a", client_id: "a", queue_id: null, created: false } });

test("a line that missed nothing has caught up with the first hello", () => {
  const arrears = new Arrears();
  expect(arrears.settledBy({ type: "ready", newest: 7 }, "7")).toBe(true);
  expect(arrears.changes).toBe(0);
});

test("after a gap it has caught up when the newest number has come, and counts what came", () => {
  const arrears = new Arrears();
  expect(arrears.settledBy({ type: "ready", newest: 9 }, "7")).toBe(false);
  expect(arrears.settledBy(change(8), "8")).toBe(false);
  expect(arrears.settledBy(change(9), "9")).toBe(true);
  expect(arrears.changes).toBe(2);
  expect(arrears.settledBy(change(10), "10")).toBe(false);
});

test("changes may come before the hello", () => {
  const arrears = new Arrears();
  expect(arrears.settledBy(change(8), "8")).toBe(false);
  expect(arrears.settledBy({ type: "ready", newest: 8 }, "8")).toBe(true);
});

test("what cannot be resumed is caught up by reading again", () => {
  expect(new Arrears().settledBy({ type: "reset" }, null)).toBe(true);
});

test("what a newer server says, or what is broken, is let pass", () => {
  expect(understand("news", "{}")).toBeNull();
  expect(understand("change", "{not json")).toBeNull();
  expect(understand("change", '{"n":1,"kind":"tag","id":"a"}')).toBeNull();
  expect(understand("change", '{"n":1,"kind":"client","id":"a","client_id":"a","rev":3}')).toEqual(change(1));
});
