import { describe, expect, test } from "vitest";
import { inserted, isInReach, mayAppear, renewed, without } from "./rows";

const row = (id: string, at: string, rev = 1) => ({ id, at, rev });
const list = (next: string | null, ...pages: ReturnType<typeof row>[][]) => ({
  pages: pages.map((items) => ({ items, next_cursor: next, total: 9, total_is_exact: true })),
  pageParams: pages.map(() => ""),
});
const keyOf = ({ at }: { at: string }) => Number(at);
const ids = (data: ReturnType<typeof list>) => data.pages.map((page) => page.items.map(({ id }) => id));

test("a renewed row stays where it stands, even when its place in the order is another", () => {
  const data = list(null, [row("a", "3"), row("b", "2")]);
  expect(renewed(data, [row("b", "9", 2)]).pages[0]?.items).toEqual([row("a", "3"), row("b", "9", 2)]);
});

test("older news does not undo newer", () => {
  const data = list(null, [row("a", "3", 7)]);
  expect(renewed(data, [row("a", "1", 6)]).pages[0]?.items).toEqual([row("a", "3", 7)]);
});

test("new rows go where the list's order has them", () => {
  const data = list(null, [row("a", "5"), row("b", "3")], [row("c", "1")]);
  expect(ids(inserted(data, [row("newest", "6"), row("middle", "2"), row("oldest", "0")], keyOf))).toEqual([
    ["newest", "a", "b"],
    ["middle", "c", "oldest"],
  ]);
});

test("several new rows keep the newest on top", () => {
  expect(ids(inserted(list(null, [row("a", "1")]), [row("x", "7"), row("y", "8")], keyOf))).toEqual([["y", "x", "a"]]);
});

test("the first row of an empty list appears", () => {
  expect(ids(inserted(list(null, []), [row("a", "1")], keyOf))).toEqual([["a"]]);
});

test("rows that left are taken from every page", () => {
  expect(ids(without(list(null, [row("a", "2")], [row("b", "1")]), new Set(["b"])))).toEqual([["a"], []]);
});

test("a row beyond the pages loaded so far waits for its page", () => {
  const data = list("more", [row("a", "5"), row("b", "3")]);
  expect(isInReach(data, row("x", "4"), keyOf)).toBe(true);
  expect(isInReach(data, row("x", "2"), keyOf)).toBe(false);
  expect(isInReach(list(null, [row("a", "5")]), row("x", "2"), keyOf)).toBe(true);
});

describe("new rows appear at once", () => {
  const calm = { atTop: true, inUse: false };
  test("in an untouched list at its top", () => {
    expect(mayAppear(calm, 0, 1)).toBe(true);
  });
  test("but not under the pointer, not further down, not many, and not before those that wait", () => {
    expect(mayAppear({ ...calm, inUse: true }, 0, 1)).toBe(false);
    expect(mayAppear({ ...calm, atTop: false }, 0, 1)).toBe(false);
    expect(mayAppear(calm, 0, 4)).toBe(false);
    expect(mayAppear(calm, 1, 1)).toBe(false);
  });
});
