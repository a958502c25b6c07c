import { expect, test } from "vitest";
import document from "../../openapi/console.json";
import { localeOf, preferred } from ".";
import { de } from "./de";
import { en } from "./en";
import { es } from "./es";

test("the language is the chosen one, else the browser's, else English", () => {
  expect(preferred("de", ["es-MX"])).toBe("de");
  expect(preferred(null, ["fr-FR", "es-MX", "de"])).toBe("es");
  expect(preferred("klingon", ["fr"])).toBe("en");
});

test("numbers and times follow the browser's region of that language", () => {
  expect(localeOf("es", ["fr", "es-MX"])).toBe("es-MX");
  expect(localeOf("de", ["fr"])).toBe("de");
});

test("one thing and many have their own forms", () => {
  expect([0, 1, 4].map((count) => en.live.caughtUp(count, String(count)))).toEqual([
    "Caught up: nothing changed",
    "Caught up: 1 change",
    "Caught up: 4 changes",
  ]);
  expect(es.table.fresh(1, "1")).toBe("1 nuevo");
  expect(de.table.fresh(3, "3")).toBe("3 neue");
});

test("what the header of Registered contact means is said word for word", () => {
  expect(en.clients.registeredHelp).toBe(
    "Shows whether the client has at least one registered contact — a channel where the user signed in to their profile or provided a phone number or email.",
  );
});

test("everything that a key may be allowed has its sentence, in every language", () => {
  const scopes = document.components.schemas.ApiKeyIn.properties.scopes.items.enum;
  for (const { apiKeys } of [en, es, de]) expect(Object.keys(apiKeys.scopes)).toEqual(expect.arrayContaining(scopes));
});
