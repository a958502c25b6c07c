import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import type { Connection } from "./getConnections";
import { changes, formOf, newerOf, onto, theirChanges } from "./editing";

const before = { channel: "custom", name: "Shop", settings: { deliver_url: "https://a.example", vouches: true }, becomes_client: "on_contact", secrets: [], rev: 1 } as unknown as Connection;
const now = { ...before, name: "Theirs", rev: 2 };

test("only what differs is sent, and a switch that was turned off is", () => {
  const form = formOf(before);
  expect(changes(before, form)).toEqual({});
  expect(changes(before, { ...form, entries: { ...form.entries, vouches: "" } })).toEqual({ vouches: false });
  const site = { ...before, channel: "widget", settings: { origins: ["https://a.example"] } } as Connection;
  expect(changes(site, { ...formOf(site), forgotten: ["site_secret"] })).toEqual({ site_secret: null });
});

test("what was typed stays over what somebody else saved, and the rest follows it", () => {
  const mine = { ...formOf(before), entries: { ...formOf(before).entries, deliver_url: "https://mine.example" } };
  expect(theirChanges(before, now)).toEqual([["name", "Theirs"]]);
  const merged = onto(before, now, mine);
  expect(merged.entries).toMatchObject({ name: "Theirs", deliver_url: "https://mine.example", vouches: "true" });
  expect(changes(now, merged)).toEqual({ deliver_url: "https://mine.example" });
});

test("a change of what the form does not show is nobody's conflict", () => {
  expect(theirChanges(before, { ...before, enabled: false, rev: 2 })).toEqual([]);
});

test("only a 409 of that kind has a newer version", () => {
  expect(newerOf(new Problem(409, { type: "urn:kith:problem:changed-meanwhile", current: now }))).toEqual(now);
  expect(newerOf(new Problem(409, { type: "urn:kith:problem:already-connected", current: now }))).toBeNull();
});
