import { expect, test } from "vitest";
import { hours, leads, type Queue, sentence } from "./queue";
import { wordsFor } from "./words";

const NOW = Date.parse("2026-11-20T16:00:00Z"); // a Friday
const span = (opens: string, closes: string) => ({ opens: `2026-11-${opens}:00Z`, closes: `2026-11-${closes}:00Z` });

function queue(more: Partial<Queue> = {}): Queue {
  return {
    is_open: false,
    until: null,
    spans: [],
    time_zone: "Europe/Oslo",
    when_closed: "form",
    offline: "",
    other_ways: [],
    form: null,
    ...more,
  };
}

const told = (until: string, timeZone: string, language = "en-GB") =>
  sentence(queue({ until }), wordsFor(language), language, NOW, timeZone);

test("when it opens is told by the visitor's own clock", () => {
  expect(told("2026-11-23T08:00:00Z", "Europe/Oslo")).toBe("We are closed. Opens Monday 09:00 (your time).");
  expect(told("2026-11-23T08:00:00Z", "America/New_York")).toBe("We are closed. Opens Monday 03:00 (your time).");
  expect(told("2026-11-20T18:00:00Z", "Europe/Oslo")).toBe("We are closed. Opens today at 19:00 (your time).");
  expect(told("2026-11-20T18:00:00Z", "Asia/Tokyo")).toBe("We are closed. Opens today at 03:00 (your time)."); // Saturday there, and now, too
  expect(told("2026-11-21T08:00:00Z", "Europe/Oslo")).toBe("We are closed. Opens tomorrow at 09:00 (your time).");
  expect(told("2026-12-01T08:00:00Z", "Europe/Oslo")).toBe("We are closed. Opens Tuesday 1 December 09:00 (your time).");
  expect(told("2026-11-23T08:00:00Z", "Europe/Berlin", "de")).toBe("Geschlossen. Wir öffnen Montag 09:00 (Ihre Zeit).");
});

test("open, or closed for nobody knows how long", () => {
  expect(sentence(queue(), wordsFor("en"), "en", NOW)).toBe("We are closed at the moment.");
  expect(sentence(queue({ is_open: true }), wordsFor("en"), "en", NOW)).toBe("We are here now.");
});

test("the hours of a week are a line for each day", () => {
  const spans = [
    span("20T08:00", "20T17:00"),
    span("23T08:00", "23T11:00"),
    span("23T12:00", "23T16:00"),
    span("28T08:00", "28T11:00"),
  ];
  expect(hours(queue({ spans }), "en-GB", NOW, "Europe/Oslo")).toEqual([
    ["Friday", "09:00 – 18:00"],
    ["Monday", "09:00 – 12:00, 13:00 – 17:00"],
  ]);
});

test("ways lead where they say, and to no script", () => {
  expect(leads({ kind: "phone", label: "", value: "+47 22 22 55 55" })).toBe("tel:+4722225555");
  expect(leads({ kind: "email", label: "", value: "a?b@example.com" })).toBe("mailto:a%3Fb@example.com");
  expect(leads({ kind: "link", label: "", value: "https://example.com" })).toBe("https://example.com");
  expect(leads({ kind: "link", label: "", value: "javascript:alert(1)" })).toBeUndefined();
  expect(leads({ kind: "phone", label: "", value: "javascript:1" })).toBeUndefined();
});
