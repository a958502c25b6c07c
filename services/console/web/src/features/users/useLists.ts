import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { usePages } from "../../api/usePages";
import { getInvitations } from "./getInvitations";
import { getUsers } from "./getUsers";

const USERS = "users";
const INVITATIONS = "invitations";

export function useUsers(search: string) {
  return usePages([USERS, search], (place, signal) => getUsers({ ...place, search, sort: "name" }, signal));
}

export function useInvitations(search: string) {
  return usePages([INVITATIONS, search], (place, signal) => getInvitations({ ...place, search }, signal));
}

/** Reads both lists again, after something was done on the page. */
export function useReadAgain() {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([USERS, INVITATIONS].map((key) => client.invalidateQueries({ queryKey: [key] })));
  }, [client]);
}
