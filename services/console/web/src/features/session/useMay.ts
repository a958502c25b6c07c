import { useSession } from "./useSession";

/** Whether the user may change people. The services decide; pages only offer less. */
export function useMayEditPeople(): boolean {
  const { user } = useSession();
  return user?.scopes.includes("people:write") ?? false;
}
