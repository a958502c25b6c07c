import { expect, test } from "vitest";
import { nextPath, signInPath } from "./next";

test("after signing in one comes back to where one wanted to go", () => {
  expect(signInPath({ pathname: "/clients/without-contacts", search: "?search=555" })).toBe(
    "/sign-in?next=%2Fclients%2Fwithout-contacts%3Fsearch%3D555",
  );
  expect(nextPath("/clients/without-contacts?search=555")).toBe("/clients/without-contacts?search=555");
});

test.each(["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/sign-in", "", null])(
  "%s is no place to go to",
  (next) => {
    expect(nextPath(next)).toBe("/clients");
  },
);

test("the plain address stays plain", () => {
  expect(signInPath({ pathname: "/", search: "" })).toBe("/sign-in");
  expect(signInPath({ pathname: "/clients", search: "" })).toBe("/sign-in");
});
