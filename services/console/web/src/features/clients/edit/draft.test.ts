import { expect, test } from "vitest";
import type { ClientCard } from "../getClient";
import { asNumber, changes, differing, draftOf, withPart } from "./draft";

const client = {
  name: "Ann",
  surname: null,
  email: "ann@x.example",
  phone: null,
  contact_key: null,
  language: "nb",
  time_zone: null,
  address: { country: "NO", region: null, city: "Oslo", street: null, postcode: null, source: "by_hand", at: null },
  location: null,
  tags: [{ id: "tg_1", name: "VIP" }],
  groups: [],
  fields: [{ id: "fd_1", key: "size", name: "Size", type: "number", value: 42, shown: "42" }],
  subscriptions: [{ category_id: "sc_1", name: "News", subscribed: true, chosen_at: null }],
} as unknown as ClientCard;
const start = draftOf(client);

test("what was not changed is not sent", () => {
  expect(changes(start, { ...start, name: " Ann ", email: "ann@x.example " })).toEqual({});
});

test("only what differs is sent; emptied it is null", () => {
  const after = {
    ...start,
    surname: " Berg ",
    email: "",
    language: null,
    address: { ...start.address, city: "" , country: "" },
    location: { ...start.location, latitude: "59,9", longitude: "10.7", city: "Oslo" },
    tags: [],
    fields: { size: null, hobby: ["ch_1"] },
    subscriptions: { sc_1: false },
  };
  expect(changes(start, after)).toEqual({
    surname: "Berg",
    email: null,
    language: null,
    address: null,
    location: { latitude: 59.9, longitude: 10.7, city: "Oslo" },
    tags: [],
    fields: { size: null, hobby: ["ch_1"] },
    subscriptions: { sc_1: false },
  });
});

test("of two versions each part can be taken by itself", () => {
  const theirs = { ...start, surname: "Theirs", fields: { size: 43 } };
  const mine = { ...start, surname: "Mine", phone: "+47" };
  expect(differing(mine, theirs)).toEqual(["surname", "phone", "fields.size"]);
  const both = withPart(withPart(theirs, "phone", mine), "fields.size", mine);
  expect(both).toMatchObject({ surname: "Theirs", phone: "+47", fields: { size: 42 } });
  expect(changes(theirs, both)).toEqual({ phone: "+47", fields: { size: 42 } });
});

test("a number is read however it is written", () => {
  expect([asNumber("4.5"), asNumber(" -4,5 "), asNumber(""), asNumber("many")]).toEqual([4.5, -4.5, null, null]);
});
