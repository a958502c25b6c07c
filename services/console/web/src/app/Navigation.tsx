import { IconUserQuestion, IconUsers } from "@tabler/icons-react";
import { Link, useLocation } from "react-router";
import { UserMenu } from "../features/session";
import { Logo } from "../ui/Logo";
import { useWords } from "../words";
import classes from "./Shell.module.css";

/** Where things are. A page appears here when it works. */
export function Navigation({ onShortcuts }: { onShortcuts: () => void }) {
  const { app } = useWords();
  const { pathname } = useLocation();
  const pages = [
    { to: "/clients", name: app.allClients, Icon: IconUsers },
    { to: "/clients/without-contacts", name: app.withoutContacts, Icon: IconUserQuestion },
  ];
  // The longest address that this one lies under: a client's card belongs to All clients.
  const current = pages.map(({ to }) => to).findLast((to) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div className={classes.navigation}>
      <div className={classes.brand}>
        <Logo />
        {app.name}
      </div>
      <nav className={classes.pages} aria-label={app.navigation}>
        <div className={classes.group} id="nav-clients">
          {app.clients}
        </div>
        <ul aria-labelledby="nav-clients">
          {pages.map(({ to, name, Icon }) => (
            <li key={to}>
              <Link to={to} className={classes.link} aria-current={to === current ? "page" : undefined}>
                <Icon size={18} stroke={1.75} aria-hidden />
                {name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <UserMenu onShortcuts={onShortcuts} />
    </div>
  );
}
