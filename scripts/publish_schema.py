"""Writes the JSON Schemas of rulebook files and of a report's JSON, from the pydantic models.

python scripts/publish_schema.py            writes the files
python scripts/publish_schema.py --check    exit code 1 when one is not up to date
"""

import sys

from khcn_workflow.regulations import rulebook_schema
from khcn_workflow.reports import json_schema


def main(arguments: list[str]) -> int:
    """Write the files, or say whether they are what would be written."""
    published = {
        schema.SCHEMA_FILE: schema.schema_text() for schema in (rulebook_schema, json_schema)
    }
    if "--check" in arguments:
        return int(any(f.read_text(encoding="utf-8") != text for f, text in published.items()))
    for file, text in published.items():
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
