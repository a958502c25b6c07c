import { useQuery } from "@tanstack/react-query";
import { useLiveChange } from "../live";
import { getVisitor } from "./getVisitor";

/** One visitor, kept as fresh as the live line allows. */
export function useVisitor(id: string) {
  const visitor = useQuery({ queryKey: ["visitors", "one", id], queryFn: ({ signal }) => getVisitor(id, signal) });
  useLiveChange("chat-contact", id, () => void visitor.refetch());
  return visitor;
}
