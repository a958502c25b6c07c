"""Whether what came with a press is data of ours, or something that another tool once put behind a button."""

import re

_OURS = re.compile(r"[A-Za-z0-9_.-]{1,100}:[A-Za-z0-9_.:/-]{1,200}")
"""As a scenario writes it: a step, a colon, a choice."""


def is_ours(data: str | None) -> bool:
    """Tell whether data has our form."""
    return data is not None and _OURS.fullmatch(data) is not None
