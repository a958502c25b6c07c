import { expect, test } from "vitest";
import { Selection } from "./selection";

test("rows are chosen and left out one by one, and whoever looks is told", () => {
  const selection = new Selection();
  let told = 0;
  const stop = selection.subscribe(() => {
    told += 1;
  });
  selection.toggle("a");
  selection.toggle("b");
  selection.toggle("a");
  expect([...selection.ids()]).toEqual(["b"]);
  stop();
  selection.clear();
  expect(told).toBe(3);
  expect(selection.has("b")).toBe(false);
});

test("of everybody, leaving out one leaves the others that are shown", () => {
  const selection = new Selection();
  selection.show(["a", "b", "c"]);
  selection.chooseAll();
  expect(selection.has("anybody")).toBe(true);
  selection.toggle("b");
  expect(selection.isAll()).toBe(false);
  expect([...selection.ids()]).toEqual(["a", "c"]);
});

test("all that are shown are chosen beside those chosen before", () => {
  const selection = new Selection();
  selection.show(["a"]);
  selection.chooseShown();
  selection.show(["a", "b"]);
  selection.chooseShown();
  expect([...selection.ids()]).toEqual(["a", "b"]);
});
