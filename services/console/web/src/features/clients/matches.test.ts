import { expect, test } from "vitest";
import type { Client } from "./getClients";
import { plainlyMatches } from "./matches";

const jose = { name: "José María", surname: "Carreño-Quiñones", email: "Jose@Example.com", phone: "+4791234567" } as Client;

test.each(["jose", "mar carr", "QUIÑ", "jose@ex", "+47 912", "4791", "(47) 912"])("%s finds them", (search) => {
  expect(plainlyMatches(jose, search)).toBe(true);
});

test.each(["osé", "jose smith", "example.com", "912", "@", ""])("%s does not", (search) => {
  expect(plainlyMatches(jose, search)).toBe(false);
});
