"""Which passwords are taken, and how they are made. Hashing is the use cases' (it takes time)."""

import secrets
import unicodedata

SHORTEST = 10
LONGEST = 1000
"""Characters. Nobody types more; it bounds what is hashed."""
_FEWEST_DIFFERENT = 4
_GROUPS, _GROUP_LETTERS = 4, 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def one_form(password: str) -> str:
    """Return a password as it is hashed: keyboards write the same letters in different ways (NFKC)."""
    return unicodedata.normalize("NFKC", password)


def what_is_wrong(password: str, *, email: str) -> str | None:
    """Return a sentence for the field, or None for a password that is taken."""
    password = one_form(password)
    if len(password) < SHORTEST:
        return f"A password needs at least {SHORTEST} characters; this one has {len(password)}."
    if len(password) > LONGEST:
        return f"A password has at most {LONGEST} characters."
    if len(set(password)) < _FEWEST_DIFFERENT:
        return f"A password needs at least {_FEWEST_DIFFERENT} different characters. A few words are easy to remember."
    if password.lower() in {email, email.partition("@")[0]}:
        return "The email is no password: it is the first thing that is tried."
    return None


def make() -> str:
    """Make a password that is easy to read out: about 99 bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP_LETTERS)) for _ in range(_GROUPS))
    return "-".join(groups)
