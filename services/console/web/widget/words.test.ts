import { expect, test } from "vitest";
import { wordsFor } from "./words";

test("every language has every word", () => {
  const names = Object.keys(wordsFor("en"));
  for (const language of ["es", "de-AT"]) {
    const words = wordsFor(language);
    expect(Object.keys(words)).toEqual(names);
    expect(words.send).not.toBe(wordsFor("en").send);
  }
  expect(wordsFor("ar").send).toBe("Send");
});
