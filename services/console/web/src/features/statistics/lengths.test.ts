import { expect, test } from "vitest";
import { lengthText } from "./lengths";

test("a length is said in the two units that matter", () => {
  expect([0, 42, 60, 95, 3_600, 7_260, 90_000, 3_599.6].map((seconds) => lengthText(seconds, "en"))).toEqual([
    "0 sec",
    "42 sec",
    "1 min",
    "1 min 35 sec",
    "1 hr",
    "2 hr 1 min",
    "1 day 1 hr",
    "1 hr",
  ]);
});
