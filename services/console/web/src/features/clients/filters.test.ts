import { expect, test } from "vitest";
import { asQuery, looksLikeChatId, readFilters } from "./filters";

test("filters are read from the address, and nonsense there is no filter", () => {
  expect(readFilters(new URLSearchParams("search=%20ada%20&registered=no"))).toEqual({ search: "ada", registered: "no" });
  expect(readFilters(new URLSearchParams("registered=maybe"))).toEqual({ search: "", registered: "all" });
});

test("only what is filtered is asked for", () => {
  expect(asQuery({ search: "", registered: "all" })).toEqual({});
  expect(asQuery({ search: "ada", registered: "no" })).toEqual({ search: "ada", registered: false });
});

test("numbers look like Chat IDs; names, emails and phones with a plus do not", () => {
  expect(["5551", "-100123456", "7001234567"].every(looksLikeChatId)).toBe(true);
  expect(["ada", "ada@example.com", "+4740404040", "123", ""].some(looksLikeChatId)).toBe(false);
});
