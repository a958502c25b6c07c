import { expect, test } from "vitest";
import { Problem } from "../../api/problem";
import { connectionWords } from "../../words/connections";
import { CONNECTABLE, credentialsOf, entriesOf, FIELDS, lacking, wrongFields } from "./channelFields";

test("every field says in every language what it is and where it is found", () => {
  for (const { connections } of Object.values(connectionWords)) {
    for (const [channel, fields] of Object.entries(FIELDS)) {
      for (const { name } of fields) expect(connections.fields[channel]?.[name]?.help, `${channel} ${name}`).toBeTruthy();
    }
  }
});

test("only channels with fields are offered", () => {
  expect(CONNECTABLE.filter((channel) => !FIELDS[channel].length)).toEqual([]);
});

test("websites are written one on each line, and nothing is sent of a field left empty", () => {
  expect(credentialsOf("widget", { origins: " https://a.example \n\nhttps://b.example", site_secret: " " })).toEqual({
    origins: ["https://a.example", "https://b.example"],
  });
  expect(lacking("widget", { origins: " \n" })).toEqual(["origins"]);
  expect(entriesOf("widget", { origins: ["https://a.example", "https://b.example"] })).toEqual({ origins: "https://a.example\nhttps://b.example" });
});

test("the service's errors stand at their fields; those of a list say which line", () => {
  const problem = new Problem(422, { errors: [{ field: "origins.1", message: "this is no address" }, { field: "token", message: "not this channel's" }] });
  expect(wrongFields(problem, "widget")).toEqual({ origins: "2: this is no address" });
  expect(wrongFields(new Problem(409, { type: "urn:kith:problem:already-connected", detail: "There already." }), "telegram")).toEqual({ token: "There already." });
});
