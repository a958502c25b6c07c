import { expect, test } from "vitest";
import type { Settings } from "../../api/notifications";
import { Burst } from "./burst";
import { isQuiet, waysOf } from "./wishes";

const settings = (more: Partial<Settings> = {}): Settings => ({ sound: true, desktop: true, push: true, email: false, queues: {}, ...more }) as Settings;
const at = (time: string) => new Date(`2026-11-23T${time}:00Z`); // a Monday

test("of a burst the first sounds, and a long one sounds again after a minute", () => {
  const burst = new Burst();
  expect(burst.add(1, 0)).toBe(true);
  expect(Array.from({ length: 100 }, (_, n) => burst.add(1, 100 + n)).some(Boolean)).toBe(false);
  expect(burst.count).toBe(101);
  expect(burst.add(1, 20_000)).toBe(true);
  let sounded = 0;
  for (let now = 20_000; now <= 82_000; now += 1_000) if (burst.add(1, now)) sounded += 1;
  expect(sounded).toBe(1);
});

test("a queue's own choice goes before the one for all, and off is off", () => {
  const one = settings({ sound: false, queues: { q_1: { sound: true, off: false }, q_2: { off: true } } });
  expect(waysOf(one, "q_1", at("12:00"))).toEqual({ note: true, sound: true, desktop: true });
  expect(waysOf(one, "q_2", at("12:00"))).toEqual({ note: false, sound: false, desktop: false });
  expect(waysOf(one, "q_3", at("12:00"))).toEqual({ note: true, sound: false, desktop: true });
});

test("in quiet hours only the note comes", () => {
  const quiet = { on: true, from: "20:00", to: "08:00", days: [0], time_zone: "UTC" };
  expect(waysOf(settings({ quiet_hours: quiet }), "q_1", at("21:00"))).toEqual({ note: true, sound: false, desktop: false });
  expect(isQuiet(quiet, at("07:00"))).toBe(false); // it is Monday morning, and Sunday is not among the days
  expect(isQuiet(quiet, new Date("2026-11-24T07:00:00Z"))).toBe(true);
  expect(isQuiet({ ...quiet, time_zone: "Asia/Tokyo" }, at("12:00"))).toBe(true);
  expect(isQuiet({ ...quiet, on: false }, at("21:00"))).toBe(false);
});
