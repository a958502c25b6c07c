import { Center, Loader } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Navigate, Outlet, useLocation } from "react-router";
import { renew } from "../../api/session";
import { Failure } from "../../ui/Failure";
import { useWords } from "../../words";
import { signInPath } from "./next";
import { useSession } from "./useSession";

/** Shows what is inside to whoever is signed in; leads the others to the sign-in page and back again. */
export function RequireSession() {
  const session = useSession();
  const here = useLocation();
  const queries = useQueryClient();
  const words = useWords();
  const signedOut = session.state === "signed-out";

  useEffect(() => {
    // Nothing of one user's stays for the next one at the same machine.
    if (signedOut) queries.clear();
  }, [signedOut, queries]);

  if (session.state === "signed-in") return <Outlet />;
  if (signedOut) return <Navigate to={signInPath(here)} replace />;
  if (session.problem) return <Failure error={session.problem} retry={() => void renew().catch(() => undefined)} />;
  return (
    <Center h="100%" role="status" aria-label={words.session.restoring}>
      <Loader size="sm" type="dots" />
    </Center>
  );
}
