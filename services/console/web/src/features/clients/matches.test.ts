import { expect, test } from "vitest";
import { NO_FILTERS } from "./filters";
import type { Client } from "./getClients";
import { isMeant, plainlyMatches } from "./matches";

const jose = { name: "José María", surname: "Carreño-Quiñones", email: "Jose@Example.com", phone: "+4791234567" } as Client;

test.each(["jose", "mar carr", "QUIÑ", "jose@ex", "+47 912", "4791", "(47) 912", "4567", "345 67"])("%s finds them", (search) => {
  expect(plainlyMatches(jose, search)).toBe(true);
});

test.each(["osé", "jose smith", "example.com", "912", "+34567", "@", ""])("%s does not", (search) => {
  expect(plainlyMatches(jose, search)).toBe(false);
});

test("a row is judged by each filter, and by all of them together", () => {
  const lead = {
    ...jose,
    registered: true,
    source: "instagram",
    tags: [{ id: "hot", name: "hot-lead" }],
    groups: [{ id: "shop", name: "Shop" }],
    segments: [],
  } as unknown as Client;
  const all = { ...NO_FILTERS, registered: "yes" as const, source: ["telegram", "instagram"], tag: ["hot"], not_tag: ["cold"], group: ["shop"] };
  expect(isMeant(lead, all)).toBe(true);
  for (const wrong of [{ registered: "no" as const }, { source: ["telegram"] }, { tag: ["hot", "cold"] }, { not_tag: ["hot"] }, { group: ["bar"] }])
    expect(isMeant(lead, { ...all, ...wrong })).toBe(false);
});
