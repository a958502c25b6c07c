import { dataOf, identity } from "./client";
import type { components } from "./generated/identity";
import type { Job } from "./jobs";

type Schemas = components["schemas"];
export type LabelKind = "tag" | "group" | "segment";
export type Tag = Schemas["TagOut"];
export type TagColor = Tag["color"];
export type Segment = Schemas["SegmentOut"];
/** Whom a filter lets through, in the words of the lists of clients. */
export type Rule = Partial<Schemas["RuleOut"]>;
/** What tags, contact groups and segments have in common, and what only some of them have. */
export type Label = Schemas["GroupOut"] & Partial<Pick<Tag, "color">> & Partial<Pick<Segment, "kept" | "rule">>;

export interface Draft {
  name: string;
  description: string;
  color?: TagColor;
  rule?: Rule | null;
}

interface LabelsPage {
  items: Label[];
  next_cursor: string | null;
  total: number;
  total_is_exact: boolean;
}

interface Asked {
  search?: string;
  limit?: number;
  cursor?: string;
  people?: boolean;
}

/** What is shown of labels begins with this: read again after a change. */
export const LABELS_KEY = ["labels"] as const;

export async function getLabels(kind: LabelKind, query: Asked, signal?: AbortSignal): Promise<LabelsPage> {
  const request = { params: { query }, signal: signal ?? null };
  if (kind === "tag") return dataOf(await identity.GET("/api/identity/tags", request));
  if (kind === "group") return dataOf(await identity.GET("/api/identity/groups", request));
  return dataOf(await identity.GET("/api/identity/segments", request));
}

/** One, with exactly how many people have it. */
export async function getLabel(kind: LabelKind, id: string, signal?: AbortSignal): Promise<Label> {
  const request = { params: { path: { id } }, signal: signal ?? null };
  if (kind === "tag") return dataOf(await identity.GET("/api/identity/tags/{id}", request));
  if (kind === "group") return dataOf(await identity.GET("/api/identity/groups/{id}", request));
  return dataOf(await identity.GET("/api/identity/segments/{id}", request));
}

/** The one of the same name where there is one: `isNew` tells. */
export async function makeLabel(kind: LabelKind, { name, description, color, rule }: Draft): Promise<{ label: Label; isNew: boolean }> {
  const answer =
    kind === "tag"
      ? await identity.POST("/api/identity/tags", { body: { name, description, color: color ?? "gray" } })
      : kind === "group"
        ? await identity.POST("/api/identity/groups", { body: { name, description } })
        : await identity.POST("/api/identity/segments", { body: { name, description, rule: rule ? asked(rule) : null } });
  return { label: dataOf<Label>(answer), isNew: answer.response.status === 201 };
}

export async function changeLabel(kind: LabelKind, id: string, rev: number, { name, description, color, rule }: Draft): Promise<Label> {
  const path = { params: { path: { id } } };
  if (kind === "tag") return dataOf(await identity.PATCH("/api/identity/tags/{id}", { ...path, body: { name, description, ...(color && { color }), rev } }));
  if (kind === "group") return dataOf(await identity.PATCH("/api/identity/groups/{id}", { ...path, body: { name, description, rev } }));
  return dataOf(await identity.PATCH("/api/identity/segments/{id}", { ...path, body: { name, description, ...(rule && { rule: asked(rule) }), rev } }));
}

/** It is gone at once; the job takes it off everybody. */
export async function deleteLabel(kind: LabelKind, id: string): Promise<Job> {
  const path = { params: { path: { id } } };
  if (kind === "tag") return dataOf(await identity.DELETE("/api/identity/tags/{id}", path));
  if (kind === "group") return dataOf(await identity.DELETE("/api/identity/groups/{id}", path));
  return dataOf(await identity.DELETE("/api/identity/segments/{id}", path));
}

export async function mergeTags(id: string, into: string): Promise<Job> {
  return dataOf(await identity.POST("/api/identity/tags/{id}/merge", { params: { path: { id } }, body: { into } }));
}

/** A filter as the API takes it: all of it, whatever of it was asked. */
export function asked(rule: Rule): Schemas["FilterAsked"] {
  return {
    search: rule.search ?? "",
    registered: rule.registered ?? null,
    source: rule.source ?? [],
    tag: rule.tag ?? [],
    not_tag: rule.not_tag ?? [],
    group: rule.group ?? [],
    segment: rule.segment ?? [],
    refused: rule.refused ?? null,
  };
}
