import { expect, test } from "vitest";
import { stepTo } from "./walk";

test("arrows walk and stop at the ends; other keys do not walk", () => {
  expect(stepTo("ArrowDown", 0, 3)).toBe(1);
  expect(stepTo("ArrowDown", 2, 3)).toBe(2);
  expect(stepTo("ArrowUp", 0, 3)).toBe(0);
  expect(stepTo("PageDown", 1, 50)).toBe(11);
  expect(stepTo("End", 1, 50)).toBe(49);
  expect(stepTo("Home", 7, 50)).toBe(0);
  expect(stepTo("a", 1, 50)).toBeNull();
  expect(stepTo("ArrowDown", -1, 50)).toBeNull();
});
