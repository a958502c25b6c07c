import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Gatherer } from "./gather";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test("the first goes soon, the next ones together when their time has come", () => {
  const handed: string[][] = [];
  const gatherer = new Gatherer<string>((items) => handed.push(items), 250);
  gatherer.add("a");
  vi.advanceTimersByTime(20);
  expect(handed).toEqual([["a"]]);
  gatherer.add("b");
  vi.advanceTimersByTime(100);
  gatherer.add("c");
  expect(handed).toHaveLength(1);
  vi.advanceTimersByTime(150);
  expect(handed).toEqual([["a"], ["b", "c"]]);
});

test("nothing is handed on after it was stopped", () => {
  const handed: string[][] = [];
  const gatherer = new Gatherer<string>((items) => handed.push(items), 250);
  gatherer.add("a");
  gatherer.stop();
  vi.advanceTimersByTime(1000);
  expect(handed).toEqual([]);
});
