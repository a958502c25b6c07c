"""What updates of all Meta's channels are made of. Unknown fields are passed over."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, coerce_numbers_to_str=True)


Id = Annotated[str, Field(min_length=1, max_length=1024)]
Seconds = Annotated[int, Field(ge=0, le=4_102_444_800)]
"""Unix time; the upper bound is the year 2100, so that nonsense is refused where it stands."""
Millis = Annotated[int, Field(ge=0, le=4_102_444_800_000)]
