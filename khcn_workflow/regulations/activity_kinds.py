"""Reads the kinds of other work from activities.toml."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from khcn_workflow.domain.activities import ActivityKind

PACKAGED = Path(__file__).parent / "activities.toml"


@lru_cache(maxsize=1)
def load_activity_kinds() -> Mapping[str, ActivityKind]:
    """All kinds of other work by id, in the order of the file."""
    tables = tomllib.loads(PACKAGED.read_text(encoding="utf-8"))["kind"]
    return {
        table["id"]: ActivityKind(
            id=table["id"],
            title=table["title"],
            dated=table.get("dated", True),
            stages=tuple(table.get("stages", {}).items()),
        )
        for table in tables
    }
