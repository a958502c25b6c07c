import { expect, test } from "vitest";
import { lineOf, readJson, type TextFault } from "./readJson";

const SCENARIO = `{
  "name": "Hi",
  "steps": {
    "ask": {
      "do": "ask", "text": { "en": "How?",
        "de": "Wie?" },
      "choices": [
        { "id": "a" },
        { "id": "b",
          "next": "bye" }
      ]
    },
    "a.b": { "do": "end" }
  }
}`;

test.each([
  ["steps.ask", 4],
  ["steps.ask.text", 5],
  ["steps.ask.text.de", 6],
  ["steps.ask.choices.1.next", 10],
  ["steps.ask.choices.0", 8],
  ["steps.a.b.do", 13],
])("%s stands on line %i", (place, line) => {
  expect(lineOf(place, readJson(SCENARIO).lines)).toBe(line);
});

test.each([
  ["steps.ask.next", 4],
  ["steps.ask.choices.1.text.en", 9],
  ["start", 1],
  ["scenario", 1],
])("%s is not there: line %i stands around it", (place, line) => {
  expect(lineOf(place, readJson(SCENARIO).lines)).toBe(line);
});

test.each<[string, TextFault]>([
  ['{\n "a": 1\n "b": 2 }', { line: 3, syntax: "comma" }],
  ['{\n "a" 1 }', { line: 2, syntax: "colon" }],
  ['{\n "a": 1,\n}', { line: 3, syntax: "key" }],
  ['{ "a":\n }', { line: 2, syntax: "value" }],
  ['{ "a": "x\ny" }', { line: 1, syntax: "string" }],
  ['{ "a": "\\x" }', { line: 1, syntax: "string" }],
  ['{\n "a": [1, 2', { line: 2, syntax: "end" }],
  ["{}\n{}", { line: 2, syntax: "more" }],
  ["{ a: 1 }", { line: 1, syntax: "key" }],
  ["[01]", { line: 1, syntax: "comma" }],
  ["[".repeat(9_999), { line: 1, syntax: "value" }],
])("%j is told at its line", (text, fault) => {
  expect(readJson(text)).toMatchObject({ value: null, faults: [fault] });
});

test("a name that is there twice is told, for JSON itself takes the last", () => {
  expect(readJson('{ "a": 1,\n "b": 2,\n "a": 3 }')).toMatchObject({ value: { a: 3, b: 2 }, faults: [{ line: 3, twice: "a" }] });
});

test("what JSON takes is taken, with the same value", () => {
  for (const value of [{}, [], null, -1.5e-7, "é\u2028\\\"", { a: [{ b: [true, false] }], "": {} }]) {
    expect(readJson(JSON.stringify(value, null, 2))).toMatchObject({ value, faults: [] });
  }
});
