"""The contact form as a page of its own: HTML that works without JavaScript, and asks nobody else for anything."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from services.ingest.domain.contact_form import MOST_CHARACTERS
from services.ingest.domain.form_page_words import PAGE, RTL
from services.ingest.domain.form_words import CLOSED, THANKS, TITLE, in_words, spoken
from shared.contracts.queues import FormField, QueueStateV1

Typed = Mapping[str, Sequence[str]]
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


@dataclass(frozen=True)
class Filling:
    """A form as it is being filled in: what was typed, and what is wrong with it."""

    submission: str
    """The id of this form: however often it is sent, it is one."""
    typed: Typed = field(default_factory=dict[str, Sequence[str]])
    errors: Mapping[str, str] = field(default_factory=dict[str, str])
    trouble: str = ""
    """What stands in the way of the whole of it."""


def form_page(queue: QueueStateV1, language: str, filling: Filling, *, is_open: bool, opens: str) -> str:
    """Return the page that asks."""
    words = PAGE[spoken(language)]
    title = in_words(queue.form.title, language, TITLE)
    note = "" if is_open else _note(in_words(queue.offline, language, CLOSED), opens)
    trouble = filling.trouble or (words["fix"] if filling.errors else "")
    wrong = f'<p class="wrong" role="alert">{escape(trouble)}</p>' if trouble else ""
    fields = "".join(
        _field(one, number, language, filling.typed.get(one.id, ()), filling.errors.get(one.id, ""), first)
        for number, (one, first) in enumerate(_with_first(queue.form.fields, filling.errors))
    )
    return _page(
        language,
        title,
        f"<h1>{escape(title)}</h1>{note}{wrong}"
        f'<form method="post" action="?lang={escape(language)}" novalidate>'
        f'<input type="hidden" name="submission" value="{escape(filling.submission)}">{fields}'
        f"<button>{escape(words['send'])}</button></form>",
    )


def thanks_page(queue: QueueStateV1, language: str) -> str:
    """Return the page that says it has arrived."""
    words = PAGE[spoken(language)]
    thanks = in_words(queue.form.thanks, language, THANKS)
    again = f'<p><a href="/f/{escape(queue.form_key)}?lang={escape(language)}">{escape(words["another"])}</a></p>'
    return _page(language, words["arrived"], f"<h1>{escape(words['arrived'])}</h1><p>{escape(thanks)}</p>{again}")


def plain_page(language: str, kind: str) -> str:
    """Return a page that only says something: that there is no such form, or to wait."""
    words = PAGE[spoken(language)]
    return _page(language, words[kind], f"<h1>{escape(words[kind])}</h1><p>{escape(words[f'{kind}_more'])}</p>")


def _page(language: str, title: str, inside: str) -> str:
    direction = "rtl" if language.partition("-")[0] in RTL else "ltr"
    return (
        f'<!doctype html><html lang="{escape(language)}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="data:,">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head><body><main>{inside}</main></body></html>"
    )


def _note(text: str, opens: str) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in (text, opens) if line)
    return f'<div class="note" dir="auto">{lines}</div>'


def _with_first(fields: Sequence[FormField], errors: Mapping[str, str]) -> list[tuple[FormField, bool]]:
    """Mark the first field that is wrong: there the reader goes on."""
    first = next((one.id for one in fields if one.id in errors), None)
    return [(one, one.id == first) for one in fields]


def _field(one: FormField, number: int, language: str, typed: Sequence[str], error: str, first: bool) -> str:  # noqa: FBT001 - one of many
    words = PAGE[spoken(language)]
    name = f"a.{one.id}"
    id_ = f"f{number}"
    label = escape(in_words(one.label, language))
    if not one.required:
        label += f' <span class="quiet">({escape(words["optional"])})</span>'
    told = f'<p class="error" id="{id_}-error">{escape(error)}</p>' if error else ""
    more = f' aria-invalid="true" aria-describedby="{id_}-error"' if error else ""
    more += " autofocus" if first else ""
    required = ' aria-required="true"' if one.required else ""
    given = typed[0] if typed else ""
    if one.kind == "choice":
        kind = "checkbox" if one.several else "radio"
        picks = "".join(
            f'<label class="pick"><input type="{kind}" name="{escape(name)}" value="{escape(choice.id)}"'
            f"{' checked' if choice.id in typed else ''}{more if place == 0 else ''}>"
            f'<span dir="auto">{escape(in_words(choice.label, language))}</span></label>'
            for place, choice in enumerate(one.choices)
        )
        return f"<fieldset><legend>{label}</legend>{picks}{told}</fieldset>"
    if one.kind == "consent":
        checked = " checked" if given else ""
        box = f'<input type="checkbox" name="{escape(name)}" value="yes"{checked}{required}{more}>'
        return f'<div class="field"><label class="pick">{box}<span>{label}</span></label>{told}</div>'
    most = MOST_CHARACTERS[one.kind]
    common = f'id="{id_}" name="{escape(name)}" dir="auto" maxlength="{most}"{required}{more}'
    if one.kind == "text":
        box = f"<textarea {common}>\n{escape(given)}</textarea>"
    else:
        kind, auto = {"email": ("email", "email"), "phone": ("tel", "tel")}.get(one.kind, ("text", "name"))
        box = f'<input type="{kind}" autocomplete="{auto}" value="{escape(given)}" {common}>'
    return f'<div class="field"><label for="{id_}">{label}</label>{box}{told}</div>'
