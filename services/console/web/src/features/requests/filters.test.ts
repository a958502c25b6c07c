import { expect, test } from "vitest";
import type { ContactRequest } from "../../api/requests";
import { asQuery, belongs, isFiltered, readFilters } from "./filters";

const request = { id: "rq_1", at: "2026-11-22T12:00:00Z", queue_id: "q_1", status: "new", handler: { id: "u_1", name: "Ann" }, seen: false } as ContactRequest;
const filters = (address: string) => readFilters(new URLSearchParams(address));

test("the address says what is shown, and nonsense in it says nothing", () => {
  expect(filters("queue=q_1&unseen=true&sort=oldest&from=2026-11-01&to=soon")).toMatchObject({ queue: "q_1", unseen: true, sort: "oldest", from: "2026-11-01", to: null });
  expect(isFiltered(filters("sort=oldest"))).toBe(false);
  expect(isFiltered(filters("unseen=true"))).toBe(true);
});

test("days are those of the user, and the last one is whole", () => {
  const { from, to } = asQuery(filters("from=2026-11-22&to=2026-11-22"));
  expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(86_400_000);
});

test("a changed entry stays only where it still belongs", () => {
  const own = (address: string) => belongs(request, filters(address), "u_1");
  expect(["", "queue=q_1", "handler=me", "handler=u_1", "unseen=true", "status=new"].map(own)).toEqual([true, true, true, true, true, true]);
  expect(["queue=q_2", "handler=none", "handler=u_2", "status=done", "from=2030-01-01", "to=2020-01-01"].map(own)).toEqual([false, false, false, false, false, false]);
  expect(own("search=ann@example.com")).toBe("unsure");
  expect(belongs({ ...request, seen: true }, filters("unseen=true"), "u_1")).toBe(false);
});
