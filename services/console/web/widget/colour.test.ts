import { expect, test } from "vitest";
import { frontOn } from "./colour";

test("white upon dark, black upon light", () => {
  expect(frontOn(11, 110, 117)).toBe("#fff");
  expect(frontOn(255, 221, 0)).toBe("#000");
  expect(frontOn(255, 255, 255)).toBe("#000");
  expect(frontOn(0, 0, 0)).toBe("#fff");
});
