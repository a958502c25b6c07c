import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useLiveChange } from "../live";
import { getContact, getMessages, getStanding } from "./api";

const WHILE_SEEN_MS = 5_000;
/** The live line tells what identity knows; the answer and its delivery come by other topics, a moment later. */
const AGAIN_MS = [1_000, 3_000];

/** Whose chat it is, how it stands and what was said, kept fresh while it is looked at. */
export function useThread(id: string) {
  const client = useQueryClient();
  const queryKey = ["conversation", id];
  const contact = useQuery({ queryKey: [...queryKey, "contact"], queryFn: ({ signal }) => getContact(id, signal) });
  const standing = useQuery({ queryKey: [...queryKey, "standing"], queryFn: ({ signal }) => getStanding(id, signal), refetchInterval: WHILE_SEEN_MS });
  const messages = useInfiniteQuery({
    queryKey: [...queryKey, "messages"],
    queryFn: ({ pageParam, signal }) => getMessages(id, pageParam, signal),
    initialPageParam: "",
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchInterval: WHILE_SEEN_MS,
  });
  const refresh = () => client.invalidateQueries({ queryKey });
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  const stop = () => {
    for (const timer of timers.current) clearTimeout(timer);
  };
  useEffect(() => stop, []);
  useLiveChange("chat-contact", id, () => {
    void refresh();
    stop();
    timers.current = AGAIN_MS.map((ms) => setTimeout(() => void refresh(), ms));
  });
  return { contact, standing, messages, refresh };
}
