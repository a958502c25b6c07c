import { expect, test } from "vitest";
import type { Message } from "./api";
import { daysOf, has, lengthOf } from "./thread";

const message = (id: string, at: string): Message => ({ id, at, direction: "in", kind: "text", text: id, status: null, error: null, edited_at: null, by: null, request_id: null });

test("pages become days, oldest first, and nobody comes up twice", () => {
  const pages = [
    { items: [message("c", "2026-05-02T12:00:00"), message("b", "2026-05-01T13:00:00")] },
    { items: [message("b", "2026-05-01T13:00:00"), message("a", "2026-05-01T12:00:00")] },
  ];
  expect(daysOf(pages).map(({ messages }) => messages.map(({ id }) => id))).toEqual([["a", "b"], ["c"]]);
});

test("what was sent is known by its key", () => {
  expect(has([{ items: [message("cc_1/agent/key-1", "2026-05-01T12:00:00")] }], "key-1")).toBe(true);
  expect(has([{ items: [message("cc_1/agent/key-11", "2026-05-01T12:00:00")] }], "key-1")).toBe(false);
});

test("a text is as long as its channel counts it", () => {
  expect([lengthOf("é😀", "characters"), lengthOf("é😀", "bytes")]).toEqual([2, 6]);
});
