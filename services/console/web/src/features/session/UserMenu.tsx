import { lazy, Suspense } from "react";
import { AccountCorner } from "./AccountCorner";
import { useSession } from "./useSession";

const AccountMenu = lazy(() => import("./AccountMenu"));

/** Who is signed in, in the corner; its menu is fetched after the page is there. */
export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { user } = useSession();
  if (!user) return null;
  return (
    <Suspense fallback={<AccountCorner user={user} />}>
      <AccountMenu user={user} onShortcuts={onShortcuts} />
    </Suspense>
  );
}
