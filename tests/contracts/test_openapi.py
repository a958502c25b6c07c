"""What a program makes of our OpenAPI documents."""

import json
from pathlib import Path

IDENTITY = Path(__file__).parents[2] / "services" / "console" / "web" / "openapi" / "identity.json"


def test_no_two_shapes_have_one_name() -> None:
    """Two models of one name are told apart by our modules' names, which generators of clients trip over."""
    schemas = json.loads(IDENTITY.read_text())["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
