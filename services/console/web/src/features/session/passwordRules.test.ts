import { expect, test } from "vitest";
import { en } from "../../words/en";
import { wrongWith } from "./passwordRules";

const wrong = (password: string) => wrongWith(password, "somebody@example.com", en);

test("a password is judged as the service judges it", () => {
  expect(wrong("")).toBe("At least 10 characters; so far there are 0.");
  expect(wrong("123456789")).toBe("At least 10 characters; so far there are 9.");
  expect(wrong("🌻🌻🌻🌻🌻🌻🌻🌻🌻")).toContain("there are 9");
  expect(wrong("abcabcabcabc")).toBe(en.join.tooPlain(4));
  expect(wrong("SomeBody@example.com")).toBe(en.join.isEmail);
  expect(wrong("a".repeat(500) + "bcd".repeat(200))).toBe(en.join.tooLong(1000));
  expect(wrong("correct horse battery")).toBeNull();
});
