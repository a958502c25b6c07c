import { describe, expect, it } from "vitest";
import { rangeOf } from "./periods";

const NOW = new Date(2026, 10, 28, 15, 30);
const NO_DATES = { from: "", to: "" };
const local = (year: number, month: number, day: number) => new Date(year, month - 1, day).toISOString();

describe("rangeOf", () => {
  it("counts today among the last days, from the reader's own midnight", () => {
    expect(rangeOf("today", NO_DATES, NOW)).toEqual({ since: local(2026, 11, 28) });
    expect(rangeOf("7", NO_DATES, NOW)).toEqual({ since: local(2026, 11, 22) });
    expect(rangeOf("90", NO_DATES, NOW)).toEqual({ since: local(2026, 8, 31) });
    expect(rangeOf("all", NO_DATES, NOW)).toEqual({});
  });

  it("takes both own dates whole, and either may be missing", () => {
    expect(rangeOf("own", { from: "2026-02-01", to: "2026-02-28" }, NOW)).toEqual({ since: local(2026, 2, 1), until: local(2026, 3, 1) });
    expect(rangeOf("own", { from: "", to: "2026-12-31" }, NOW)).toEqual({ until: local(2027, 1, 1) });
    expect(rangeOf("own", NO_DATES, NOW)).toEqual({});
    expect(rangeOf("own", { from: "0026-01-01", to: "" }, NOW).since).toMatch(/^0025|^0026/);
  });
});
