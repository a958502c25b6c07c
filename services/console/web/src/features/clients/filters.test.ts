import { expect, test } from "vitest";
import { asQuery, isFiltered, looksLikeChatId, NO_FILTERS, readFilters, writeFilters } from "./filters";

test("filters are read from the address, and nonsense there is no filter", () => {
  expect(readFilters(new URLSearchParams("search=%20ada%20&registered=no"))).toEqual({ ...NO_FILTERS, search: "ada", registered: "no" });
  expect(readFilters(new URLSearchParams("registered=maybe&tag=&tag=b&tag=a&tag=b"))).toEqual({ ...NO_FILTERS, tag: ["a", "b"] });
});

test("an address shows the same list again, and what else it says stays", () => {
  const filters = { ...NO_FILTERS, search: "ada", source: ["instagram"], tag: ["t1", "t2"], not_tag: ["t3"], group: ["g"], segment: ["s"] };
  const address = writeFilters(new URLSearchParams("view=1&tag=old"), filters);
  expect(readFilters(address)).toEqual(filters);
  expect(address.get("view")).toBe("1");
  expect(writeFilters(address, NO_FILTERS).toString()).toBe("view=1");
});

test("only what is filtered is asked for", () => {
  expect(asQuery(NO_FILTERS)).toEqual({});
  expect(asQuery({ ...NO_FILTERS, search: "ada", registered: "no", tag: ["t1"] })).toEqual({ search: "ada", registered: false, tag: ["t1"] });
});

test("a search alone is no filter", () => {
  expect(isFiltered({ ...NO_FILTERS, search: "ada" })).toBe(false);
  expect(isFiltered({ ...NO_FILTERS, registered: "no" })).toBe(true);
  expect(isFiltered({ ...NO_FILTERS, not_tag: ["t"] })).toBe(true);
});

test("numbers look like Chat IDs; names, emails and phones with a plus do not", () => {
  expect(["5551", "-100123456", "7001234567"].every(looksLikeChatId)).toBe(true);
  expect(["ada", "ada@example.com", "+4740404040", "123", ""].some(looksLikeChatId)).toBe(false);
});
