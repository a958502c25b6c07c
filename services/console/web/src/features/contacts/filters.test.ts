import { expect, test } from "vitest";
import type { Contact } from "./api";
import { asQuery, belongs, type Filters, readFilters } from "./filters";

const ann = { name: "José Ánn Müller", contact_id: "4791234567", channel: "whatsapp", proactive: true, reactive: false } as Contact;
const all: Filters = { search: "", channel: null, proactive: null, reactive: null };

test("filters are read from the address, and rubbish is passed over", () => {
  expect(readFilters(new URLSearchParams("search= ann &channel=telegram&proactive=false&reactive=perhaps"))).toEqual({ search: "ann", channel: "telegram", proactive: false, reactive: null });
  expect(readFilters(new URLSearchParams("channel=pigeon"))).toEqual(all);
  expect(asQuery({ ...all, proactive: false })).toEqual({ proactive: false });
});

test("a contact is found by words of the name and by the beginning of the contact id", () => {
  for (const search of ["jose", "MUL", "ann jos", "4791", "+47 912"]) expect(belongs(ann, { ...all, search }), search).toBe(true);
  for (const search of ["ose", "1234", "ann bea"]) expect(belongs(ann, { ...all, search }), search).toBe(false);
});

test("a contact belongs where every filter lets it through", () => {
  expect(belongs(ann, { ...all, channel: "whatsapp", proactive: true, reactive: false })).toBe(true);
  expect(belongs(ann, { ...all, channel: "telegram" })).toBe(false);
  expect(belongs(ann, { ...all, reactive: true })).toBe(false);
});
