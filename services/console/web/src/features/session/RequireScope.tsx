import { Outlet } from "react-router";
import type { Scope } from "../../api/session";
import { Blank } from "../../ui/Blank";
import { useWords } from "../../words";
import { useSession } from "./useSession";

/** Shows what is inside to whoever may do something; tells the others whom to ask. The services check by themselves. */
export function RequireScope({ scope }: { scope: Scope }) {
  const { user } = useSession();
  const { errors, app } = useWords();
  if (user?.scopes.includes(scope)) return <Outlet />;
  return <Blank role="alert" title={errors.forbiddenTitle} text={errors.forbidden} action={{ label: app.toClients, to: "/clients" }} />;
}
