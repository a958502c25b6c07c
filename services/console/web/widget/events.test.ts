import { expect, test } from "vitest";
import { Events } from "./events";

test("events are told when they are whole, however they are cut", () => {
  const whole = 'event: ready\ndata: {"n": 0}\n\n: still here\n\nid: 1\nevent: message\ndata: {"n": 1}\n\n';
  for (let size = 1; size < whole.length; size++) {
    const events = new Events();
    const told = [];
    for (let at = 0; at < whole.length; at += size) told.push(...events.take(whole.slice(at, at + size)));
    expect(told).toEqual([
      { event: "ready", data: '{"n": 0}' },
      { event: "message", data: '{"n": 1}' },
    ]);
  }
});
