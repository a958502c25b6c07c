import { useNavigate, useSearchParams } from "react-router";

/** Back to the list as it was searched and filtered. */
export function useClose(): () => void {
  const go = useNavigate();
  const [params] = useSearchParams();
  return () => void go({ pathname: "/audiences/chat/contacts", search: params.toString() });
}
