import { expect, test } from "vitest";
import { de } from "../../words/de";
import { en } from "../../words/en";
import { es } from "../../words/es";
import { linkedBecause } from "./linkedBecause";

const at = "2026-11-01T10:00:00Z";

test("a channel's own proof and a typed value read differently", () => {
  expect(linkedBecause({ how: "phone", strength: "verified", value: "+4740404040", at }, "telegram", en)).toBe(
    "Linked because the phone number +4740404040 was verified by Telegram.",
  );
  expect(linkedBecause({ how: "email", strength: "claimed", value: "ada@example.com", at }, "telegram", en)).toBe(
    "Linked because they typed the email ada@example.com.",
  );
});

test.each([en, es, de])("every way of linking has its words in every language", (words) => {
  for (const how of ["phone", "email", "first_message", "sign_in", "by_hand"] as const) {
    for (const strength of ["verified", "stated", "claimed"] as const) {
      expect(linkedBecause({ how, strength, value: "x", at }, "a new channel", words)).toMatch(/\S+ \S+/);
    }
  }
});
