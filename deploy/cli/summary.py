"""What the terminal says once a run is up."""

import json
import os
from collections.abc import Mapping, Sequence

from rich.markup import escape

from deploy.cli.output import screen
from deploy.local.layout import Home


def show(home: Home, ports: Mapping[str, int], *, missing: Sequence[str], seconds: float) -> None:
    """Say where to look, and how to sign in."""
    origin = os.environ.get("KITH_PUBLIC_URL") or f"http://127.0.0.1:{ports['console']}"
    without = f", without {', '.join(missing)}" if missing else ""
    lines = [
        ("console", origin),
        *_sign_ins(home),
        ("sandbox", f"http://127.0.0.1:{ports['sandbox']}  (write to the bots as a customer)"),
        ("", 'or: kith say "hello"'),
        *_website(home, ports),
        ("API pages", f"{origin}/api/identity/docs  (and ingest, notification, broadcast, console)"),
        ("logs", str(home.logs)),
        ("stop", "Ctrl-C, or `kith down` elsewhere"),
    ]
    screen.print(f"\n[bold]Kith is up[/bold] after {seconds:.1f} s{without}.")
    for what, where in lines:
        screen.print(f"  {what:<10} {escape(where)}")


def _website(home: Home, ports: Mapping[str, int]) -> list[tuple[str, str]]:
    """Give the demo website's address, where there is one."""
    site = json.loads(home.demo.read_text())["connections"].get("widget") if home.demo.exists() else None
    if site is None:
        return []
    return [("website", f"http://127.0.0.1:{ports['sandbox']}/site?key={site['site_key']}  (write in its chat)")]


def _sign_ins(home: Home) -> list[tuple[str, str]]:
    """Give the demo's users; without them, how to make the first one."""
    if not home.demo.exists():
        return [("sign in", "make the first user: kith users add you@example.com --role admin")]
    users = json.loads(home.demo.read_text())["users"]
    width = max(len(user["email"]) for user in users)
    words = [f"{user['email']:<{width}}  {user['password']}  ({user['role']})" for user in users]
    return list(zip(("sign in", *[""] * (len(words) - 1)), words, strict=True))
