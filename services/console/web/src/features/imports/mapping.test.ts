import { describe, expect, it } from "vitest";
import type { Import } from "./api";
import { checkOf, draftOf, keysIn, mapped } from "./mapping";

const file = (...suggested: (string | null)[]) => ({ columns: suggested.map((to, n) => ({ name: `h${String(n)}`, samples: [], suggested: to })), plan: null }) as unknown as Import;

describe("how a file is read", () => {
  it("begins with what its columns are likely to be, and the best key there is", () => {
    expect(draftOf(file("name", null, "email", "contact_key"))).toMatchObject({ to: ["name", null, "email", "contact_key"], dedupeOn: "contact_key" });
    expect(draftOf(file("name")).dedupeOn).toBeNull();
  });

  it("lets one column be a thing, and several be tags", () => {
    const draft = draftOf(file("email", null, "tags"));
    expect(mapped(draft, 1, "email").to).toEqual([null, "email", "tags"]);
    expect(mapped(draft, 1, "tags").to).toEqual(["email", "tags", "tags"]);
  });

  it("keeps a key that a column is", () => {
    const draft = draftOf(file("email", "phone"));
    expect(mapped(draft, 0, null)).toMatchObject({ dedupeOn: "phone" });
    expect(mapped(mapped(draft, 0, null), 1, null)).toMatchObject({ dedupeOn: null });
    expect(keysIn(["phone", "email"])).toEqual(["email", "phone"]);
  });

  it("asks for nothing while there is no key", () => {
    expect(checkOf(draftOf(file("name")))).toBeNull();
    expect(checkOf({ ...draftOf(file(null, "email")), phoneCountry: " no " })).toEqual({
      mapping: [{ column: 1, to: "email" }],
      dedupe_on: "email",
      existing: "update",
      phone_country: "NO",
      tags: [],
    });
  });
});
