import { lazy, Suspense, useEffect, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { LiveBanner, LiveProvider } from "../features/live";
import { useSession } from "../features/session";
import { useWords } from "../words";
import { Crash } from "./Crash";
import { Navigation } from "./Navigation";
import { PhoneBar } from "./PhoneBar";
import classes from "./Shell.module.css";
import { useKeys } from "./useKeys";
import { warm } from "./warm";

const Alerts = lazy(() => import("../features/alerts/Alerts"));
const Banners = lazy(() => import("../features/alerts/Banners"));
const Shortcuts = lazy(() => import("./Shortcuts"));

/** The frame of every page once somebody is signed in: navigation at the side, one live line for all. */
export default function Shell() {
  const { app } = useWords();
  const here = useLocation();
  const { user } = useSession();
  const isTold = user?.scopes.includes("requests:read") ?? false;
  const [help, setHelp] = useState(false);
  const showHelp = () => {
    setHelp(true);
  };
  useKeys(showHelp);
  useEffect(warm, []);

  return (
    <LiveProvider>
      <a className={classes.skip} href="#main">
        {app.skip}
      </a>
      <div className={classes.shell}>
        <aside className={classes.side}>
          <Navigation onShortcuts={showHelp} />
        </aside>
        <PhoneBar key={here.pathname} onShortcuts={showHelp} />
        <main id="main" className={classes.main} tabIndex={-1}>
          <Suspense>{isTold && <Banners />}</Suspense>
          <Crash>
            <Suspense>
              <Outlet />
            </Suspense>
          </Crash>
        </main>
      </div>
      <LiveBanner />
      <Suspense>{isTold && <Alerts />}</Suspense>
      <Suspense>
        {help && (
          <Shortcuts
            onClose={() => {
              setHelp(false);
            }}
          />
        )}
      </Suspense>
    </LiveProvider>
  );
}
