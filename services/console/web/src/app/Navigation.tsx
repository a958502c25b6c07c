import { IconAddressBook, IconBan, IconBell, IconChartBar, IconClockHour9, IconFileImport, IconFolders, IconForms, IconId, IconInbox, IconKey, IconMail, IconMailCheck, IconPlugConnected, IconShieldCheck, IconTags, IconUserCog, IconUserQuestion, IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { Fragment, lazy, Suspense } from "react";
import { Link, useLocation } from "react-router";
import type { Scope } from "../api/session";
import { UserMenu, useSession } from "../features/session";
import { Logo } from "../ui/Logo";
import { useWords } from "../words";
import classes from "./Shell.module.css";
import { UnseenCount } from "./UnseenCount";

const Tray = lazy(() => import("../features/jobs/Tray"));

const LOG = "/queues/log";

/** Where things are. A page appears here when it works. */
export function Navigation({ onShortcuts }: { onShortcuts: () => void }) {
  const { app } = useWords();
  const { pathname } = useLocation();
  const { user } = useSession();
  const groups = [
    {
      id: "nav-clients",
      name: app.clients,
      pages: [
        { to: "/clients", name: app.allClients, Icon: IconUsers, needs: "people:read" },
        { to: "/clients/without-contacts", name: app.withoutContacts, Icon: IconUserQuestion, needs: "people:read" },
      ],
    },
    {
      id: "nav-contacts",
      name: app.contacts,
      pages: [
        { to: "/contacts", name: app.allContacts, Icon: IconId, needs: "people:read" },
        { to: "/contacts/import", name: app.import, Icon: IconFileImport, needs: "people:write" },
        { to: "/audiences/blacklist", name: app.blacklist, Icon: IconBan, needs: "people:read" },
      ],
    },
    {
      id: "nav-marketing",
      name: app.marketing,
      pages: [
        { to: "/marketing/visitors", name: app.visitors, Icon: IconUsersGroup, needs: "people:read" },
        { to: "/marketing/groups", name: app.contactGroups, Icon: IconAddressBook, needs: "people:read" },
        { to: "/marketing/segments", name: app.segments, Icon: IconFolders, needs: "people:read" },
        { to: "/marketing/tags", name: app.tags, Icon: IconTags, needs: "people:read" },
      ],
    },
    {
      id: "nav-audiences-chat",
      name: `${app.audiences} / ${app.chat}`,
      pages: [{ to: "/audiences/chat/contacts", name: app.contacts, Icon: IconAddressBook, needs: "people:read" }],
    },
    {
      id: "nav-queues",
      name: app.queues,
      pages: [
        { to: LOG, name: app.activityLog, Icon: IconInbox, needs: "requests:read" },
        { to: "/queues/statistics", name: app.statistics, Icon: IconChartBar, needs: "requests:read" },
        { to: "/queues/hours", name: app.hoursAndForms, Icon: IconClockHour9, needs: "queues:read" },
      ],
    },
    {
      id: "nav-channels",
      name: app.channels,
      pages: [{ to: "/channels/connections", name: app.connections, Icon: IconPlugConnected, needs: "connections:write" }],
    },
    {
      id: "nav-settings",
      name: app.settings,
      pages: [
        { to: "/settings/notifications", name: app.notifications, Icon: IconBell, needs: "requests:read" },
        { to: "/settings/emails", name: app.emails, Icon: IconMail, needs: "queues:write" },
        { to: "/settings/users", name: app.users, Icon: IconUserCog, needs: "users:write" },
        { to: "/settings/erasures", name: app.erasures, Icon: IconShieldCheck, needs: "people:privacy" },
        { to: "/settings/api-keys", name: app.apiKeys, Icon: IconKey, needs: "keys:write" },
        { to: "/settings/fields", name: app.fields, Icon: IconForms, needs: "workspace:write" },
        { to: "/settings/categories", name: app.categories, Icon: IconMailCheck, needs: "workspace:write" },
      ],
    },
  ]
    .map((group) => ({ ...group, pages: group.pages.filter(({ needs }) => user?.scopes.includes(needs as Scope)) }))
    .filter(({ pages }) => pages.length > 0);
  // The longest address that this one lies under: a client's card belongs to All clients.
  const current = groups.flatMap(({ pages }) => pages).map(({ to }) => to).findLast((to) => pathname === to || pathname.startsWith(`${to}/`));
  return (
    <div className={classes.navigation}>
      <div className={classes.brand}>
        <Logo />
        {app.name}
      </div>
      <nav className={classes.pages} aria-label={app.navigation}>
        {groups.map(({ id, name: group, pages }) => (
          <Fragment key={id}>
            <div className={classes.group} id={id}>
              {group}
            </div>
            <ul aria-labelledby={id}>
              {pages.map(({ to, name, Icon }) => (
                <li key={to}>
                  <Link to={to} className={classes.link} aria-current={to === current ? "page" : undefined}>
                    <Icon size={18} stroke={1.75} aria-hidden />
                    {name}
                    {to === LOG && <UnseenCount />}
                  </Link>
                </li>
              ))}
            </ul>
          </Fragment>
        ))}
      </nav>
      <Suspense>
        <Tray />
      </Suspense>
      <UserMenu onShortcuts={onShortcuts} />
    </div>
  );
}
