import { expect, test } from "vitest";
import { asProblem, Problem, problemOf } from "./problem";

test("a problem document is read whole", async () => {
  const body = { type: "urn:kith:problem:merged", title: "Merged", detail: "Open the survivor.", request_id: "req_1", survivor: { id: "c2", address: "/api/identity/clients/c2" }, errors: [{ field: "email", message: "Taken." }, 5] };
  const problem = await problemOf(new Response(JSON.stringify(body), { status: 410 }));
  expect(problem).toMatchObject({ status: 410, kind: "merged", title: "Merged", detail: "Open the survivor.", requestId: "req_1", survivorId: "c2" });
  expect(problem.fields).toEqual([{ field: "email", message: "Taken." }]);
});

test("an answer that is no problem document is still a problem", async () => {
  expect(await problemOf(new Response("<h1>Bad gateway</h1>", { status: 502 }))).toMatchObject({ status: 502, detail: null });
  expect(asProblem(new TypeError("broken"))).toMatchObject({ status: 0 });
});

test("asking again helps where no answer came or the service was in trouble, not where the request was wrong", () => {
  expect([0, 429, 503].map((status) => new Problem(status).passing)).toEqual([true, true, true]);
  expect([400, 401, 403, 404, 410, 422].some((status) => new Problem(status).passing)).toBe(false);
});
