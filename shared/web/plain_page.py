"""Pages for people who have no account: HTML that works without JavaScript, and asks nobody else for anything."""

import base64
import hashlib
from collections.abc import Sequence
from html import escape

RTL = frozenset({"ar", "fa", "he", "ur"})
STYLE = """
:root{color-scheme:light dark;--back:#fff;--front:#1c1f23;--quiet:#5a616b;--edge:#767d88;--accent:#0b5cad;--on:#fff;
--bad:#b3261e;--soft:#f0f2f5}
@media (prefers-color-scheme:dark){:root{--back:#16191d;--front:#eceef1;--quiet:#a4abb6;--edge:#8b929d;--accent:#8ab8f5;
--on:#10233a;--bad:#ffb4ab;--soft:#22272d}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--front);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:560px;margin:0 auto;padding:24px 16px 64px}
h1{font-size:24px;line-height:1.25;margin:0 0 16px;overflow-wrap:anywhere}
p{margin:0 0 16px;white-space:pre-wrap;overflow-wrap:anywhere}
.note{background:var(--soft);border-radius:8px;padding:12px 16px;margin-bottom:24px}.note p:last-child{margin:0}
.field,fieldset{border:0;margin:0 0 20px;padding:0;min-width:0}
label,legend{display:block;font-weight:600;padding:0;margin-bottom:4px;overflow-wrap:anywhere}
.pick{display:flex;gap:10px;align-items:flex-start;font-weight:400;padding:6px 0}
.pick input{width:20px;height:20px;flex:none;margin:2px 0 0;accent-color:var(--accent)}
.quiet{font-weight:400;color:var(--quiet)}
input:not([type=checkbox],[type=radio]),textarea{width:100%;min-height:44px;font:inherit;color:inherit;
background:var(--back);border:1px solid var(--edge);border-radius:8px;padding:8px 12px}
textarea{min-height:140px;resize:vertical}
input[aria-invalid],textarea[aria-invalid]{border-color:var(--bad)!important}
.error{color:var(--bad);margin:4px 0 0}
.wrong{border-inline-start:4px solid var(--bad);padding:8px 12px;margin-bottom:24px}
button{font:inherit;font-weight:600;min-height:44px;padding:8px 20px;border:0;border-radius:8px;
background:var(--accent);color:var(--on);cursor:pointer}
a{color:inherit}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
"""
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}


def page(language: str, title: str, inside: str) -> str:
    """Return a whole page around what it says."""
    direction = "rtl" if language.partition("-")[0] in RTL else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{inside}</main></body></html>"
    )


def wanted_languages(header: str) -> Sequence[str]:
    """Read an Accept-Language header: tags as they were sent, the most wanted first."""
    found: list[tuple[float, str]] = []
    for part in header[:1000].split(","):
        tag, _, quality = part.partition(";q=")
        try:
            found.append((-float(quality or 1), tag))
        except ValueError:
            continue
    return [tag for _, tag in sorted(found, key=lambda one: one[0])]
