import { expect, test } from "vitest";
import { windowOf } from "./useWindow";

test("a short list is drawn whole", () => {
  expect(windowOf(100, 0, 20, -1)).toEqual({ first: 0, end: 100 });
});

test("of a long list only what is in and around the view", () => {
  expect(windowOf(1000, 480, 20, -1)).toEqual({ first: 464, end: 532 });
  expect(windowOf(1000, 0, 20, -1)).toEqual({ first: 0, end: 52 });
  expect(windowOf(1000, 992, 20, -1)).toEqual({ first: 976, end: 1000 });
});

test("the row that has the focus stays, so that the focus does", () => {
  expect(windowOf(1000, 480, 20, 450)).toEqual({ first: 450, end: 532 });
  expect(windowOf(1000, 480, 20, 600)).toEqual({ first: 464, end: 601 });
});
