"""python -m benchmarks.plotting GROWTH.json PICTURE.png: the table of `growth` as a picture.

Reads what `python -m benchmarks growth --json` printed; needs the extra `plots`.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SHOWN: Mapping[str, str] = {
    "sweep": "tab:blue",
    "sweep again": "tab:cyan",
    "bound": "tab:gray",
    "record": "tab:green",
    "as of: funnel and overdue": "tab:orange",
    "as of by folding": "tab:red",
    "rebuild": "tab:purple",
}
"""Operations and the colour of each; a line that rises with the size costs what is open."""

DATABASES: Mapping[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL 18"}


def plot(report: Mapping[str, Any], picture: Path) -> None:
    """Draw milliseconds over open steps, both axes logarithmic, one panel a database."""
    import matplotlib as mpl  # noqa: PLC0415 - an extra

    mpl.use("Agg")
    from matplotlib import pyplot as plt  # noqa: PLC0415 - after the backend is chosen

    (table,) = report["tables"]
    sizes = [int(column.split()[0].replace(",", "")) for column in table["columns"][2:]]
    figure, panels = plt.subplots(1, len(DATABASES), figsize=(11, 5), sharey=True)
    for panel, (kind, title) in zip(panels, DATABASES.items(), strict=True):
        for database, operation, *times in table["rows"]:
            if database == kind and operation in SHOWN:
                panel.loglog(sizes, times, "o-", color=SHOWN[operation], label=operation)
        panel.set(title=title, xlabel="open steps", xticks=sizes)
        panel.set_xticklabels([f"{size:,}" for size in sizes])
        panel.grid(visible=True, which="major", alpha=0.3)
    panels[0].set_ylabel("ms (median)")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="lower center", ncols=4, frameon=False)
    figure.tight_layout(rect=(0, 0.1, 1, 1))
    figure.savefig(picture, dpi=110)


def main(arguments: Sequence[str]) -> None:
    """Read the report, draw the picture."""
    source, picture = map(Path, arguments)
    (report,) = json.loads(source.read_text(encoding="utf-8"))
    plot(report, picture)


if __name__ == "__main__":
    main(sys.argv[1:])
