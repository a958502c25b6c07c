import { expect, it } from "vitest";
import { moneyText } from "./money";

it("writes an amount as its currency is written, every digit of it", () => {
  expect(moneyText("129.90", "EUR", "en")).toBe("€129.90");
  expect(moneyText("9007199254740993.25", "USD", "en")).toBe("$9,007,199,254,740,993.25");
  expect(moneyText("12", "JPY", "en")).toBe("¥12");
  expect(moneyText("1.5", "no", "en")).toBe("1.5 no");
});
