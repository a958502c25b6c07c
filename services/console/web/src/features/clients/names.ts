/** A person's whole name; empty where none is known. */
export function fullName({ name, surname }: { name?: string | null; surname?: string | null }): string {
  return [name, surname]
    .map((part) => part?.trim() ?? "")
    .filter(Boolean)
    .join(" ");
}
