"""What goes wrong before anything of ours runs."""


class CannotStart(Exception):  # noqa: N818  it reads as the sentence it prints
    """Something outside Kith keeps it from starting; the message says what, and what mends it."""
