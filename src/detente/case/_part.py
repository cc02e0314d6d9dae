"""What every part of a case file has in common: unknown keys are refused, nothing is converted."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Part(BaseModel):
    """A mapping of a case file with known keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def described(text: str, **more: Any) -> Any:
    """Return a field with a description for editors."""
    return Field(description=text, **more)
