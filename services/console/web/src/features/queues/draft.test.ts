import { expect, test } from "vitest";
import { asClock, weekdays } from "./clock";
import { freeId, languagesOf, moved, newDraft, written } from "./draft";

test("a time of day is taken as people type it", () => {
  expect(["9", "09", "9:30", "930", "17.15", "24", "24:00"].map(asClock)).toEqual(["09:00", "09:00", "09:30", "09:30", "17:15", "24:00", "24:00"]);
  expect(["25:00", "9:75", "noon", "24:30"].map(asClock)).toEqual(["25:00", "9:75", "noon", "24:30"]);
});

test("the week begins on Monday", () => {
  expect(weekdays("en")[0]).toBe("Monday");
  expect(weekdays("de")[6]).toBe("Sonntag");
});

test("what is sent has the languages in their order, and no empty texts", () => {
  const draft = newDraft("en");
  const [first] = draft.form.fields;
  if (!first) throw new Error("a new queue asks something");
  first.label = { es: " Nombre ", de: " ", en: "Name", fr: "Nom" };
  const sent = written({ ...draft, offline: { en: "" } }, ["de", "en", "es"]);
  expect(Object.entries(sent.form.fields[0]?.label ?? {})).toEqual([["en", "Name"], ["es", "Nombre"]]);
  expect(sent.offline).toEqual({});
});

test("every language of any text is one of the queue's", () => {
  const draft = { ...newDraft("en"), exceptions: [{ day: "2026-12-25", spans: [], label: { nb: "Første juledag" } }] };
  expect(languagesOf(draft)).toEqual(["en", "nb"]);
});

test("things are moved, and ids stay free", () => {
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(freeId("q", [{ id: "q2" }])).toBe("q3");
});
