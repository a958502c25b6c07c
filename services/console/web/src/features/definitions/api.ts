import { dataOf, done, identity } from "../../api/client";
import type { paths } from "../../api/generated/identity";

const FIELDS = "/api/identity/fields";
const FIELD = `${FIELDS}/{id}` as const;
const CATEGORIES = "/api/identity/categories";
const CATEGORY = `${CATEGORIES}/{id}` as const;
export type Field = paths[typeof FIELDS]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type NewField = paths[typeof FIELDS]["post"]["requestBody"]["content"]["application/json"];
export type FieldEdit = paths[typeof FIELD]["patch"]["requestBody"]["content"]["application/json"];
export type Category = paths[typeof CATEGORIES]["get"]["responses"][200]["content"]["application/json"]["items"][number];
export type NewCategory = paths[typeof CATEGORIES]["post"]["requestBody"]["content"]["application/json"];
export type CategoryEdit = paths[typeof CATEGORY]["patch"]["requestBody"]["content"]["application/json"];

export const FIELDS_KEY = ["definitions", "fields"] as const;
export const CATEGORIES_KEY = ["definitions", "categories"] as const;

export async function getFields(signal?: AbortSignal) {
  return dataOf(await identity.GET(FIELDS, { signal: signal ?? null }));
}

export async function addField(body: NewField): Promise<Field> {
  return dataOf(await identity.POST(FIELDS, { body }));
}

export async function changeField(id: string, body: FieldEdit): Promise<Field> {
  return dataOf(await identity.PATCH(FIELD, { params: { path: { id } }, body }));
}

export async function deleteField(id: string): Promise<void> {
  done(await identity.DELETE(FIELD, { params: { path: { id } } }));
}

/** Every field's id, in the order that profiles show them in. */
export async function orderFields(ids: string[]): Promise<void> {
  done(await identity.PUT(`${FIELDS}/order`, { body: { ids } }));
}

export async function getCategories(signal?: AbortSignal) {
  return dataOf(await identity.GET(CATEGORIES, { signal: signal ?? null }));
}

export async function addCategory(body: NewCategory): Promise<Category> {
  return dataOf(await identity.POST(CATEGORIES, { body }));
}

export async function changeCategory(id: string, body: CategoryEdit): Promise<Category> {
  return dataOf(await identity.PATCH(CATEGORY, { params: { path: { id } }, body }));
}

export async function deleteCategory(id: string): Promise<void> {
  done(await identity.DELETE(CATEGORY, { params: { path: { id } } }));
}
