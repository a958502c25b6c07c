import { expect, test } from "vitest";
import { exactTime, relativeTime, soonTime } from "./times";

const now = Date.parse("2026-11-22T12:00:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();

test.each([
  [5, "just now"],
  [59, "just now"],
  [60, "1 minute ago"],
  [7199, "1 hour ago"],
  [3 * 86_400, "3 days ago"],
  [15 * 86_400, "2 weeks ago"],
  [400 * 86_400, "1 year ago"],
])("%d seconds before is said as %s", (seconds, said) => {
  expect(relativeTime(ago(seconds), now, "en", "just now")).toBe(said);
});

test("what is no time is shown as it came", () => {
  expect(relativeTime("soon", now, "en", "just now")).toBe("soon");
  expect(exactTime("soon", "en")).toBe("soon");
});

test("the exact time names its zone", () => {
  expect(exactTime("2026-11-22T12:00:00Z", "en")).toMatch(/2026.*(UTC|GMT|[A-Z]{3})/);
});

test("what is to come is said as people say it", () => {
  const at = (days: number) => new Date(now + days * 86_400_000).toISOString();
  expect(soonTime(at(0), now, "en-GB")).toMatch(/^\d\d:\d\d$/);
  expect(soonTime(at(2), now, "en-GB")).toMatch(/^Tue.* \d\d:\d\d$/);
  expect(soonTime(at(20), now, "en-GB")).toMatch(/^12 Dec.* \d\d:\d\d$/);
  expect(soonTime("soon", now, "en-GB")).toBe("soon");
});
