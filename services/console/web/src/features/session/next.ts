/** Where to go after signing in: a path of this console, never another site. */
export function nextPath(next: string | null): string {
  if (!next?.startsWith("/") || next.startsWith("//") || next.includes("\\") || next.startsWith("/sign-in")) return "/clients";
  return next;
}

export function signInPath(wanted: { pathname: string; search: string }): string {
  const next = nextPath(`${wanted.pathname}${wanted.search}`);
  return next === "/clients" || wanted.pathname === "/" ? "/sign-in" : `/sign-in?${new URLSearchParams({ next }).toString()}`;
}
