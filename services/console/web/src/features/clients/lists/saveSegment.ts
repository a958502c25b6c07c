import { dataOf, identity } from "../../../api/client";
import type { paths } from "../../../api/generated/identity";
import { asQuery, type Filters } from "../filters";

type NewSegment = paths["/api/identity/segments"]["post"]["requestBody"]["content"]["application/json"];

/** Keeps a filter under a name: who is in the segment is asked of the filter each time. */
export async function saveSegment(name: string, filters: Filters) {
  const rule = asQuery(filters) as NonNullable<NewSegment["rule"]>;
  return dataOf(await identity.POST("/api/identity/segments", { body: { name, description: "", rule } }));
}
