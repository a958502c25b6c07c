import { useNavigate, useSearchParams } from "react-router";

/** Back to the list as it was searched. */
export function useClose(): () => void {
  const go = useNavigate();
  const [params] = useSearchParams();
  return () => void go({ pathname: "/clients/without-contacts", search: params.toString() });
}
