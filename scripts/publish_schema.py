"""Writes the JSON Schema of rulebook files for editors, from the pydantic models.

python scripts/publish_schema.py            writes the file
python scripts/publish_schema.py --check    exit code 1 when the file is not up to date
"""

import sys

from khcn_workflow.regulations.rulebook_schema import SCHEMA_FILE, schema_text


def main(arguments: list[str]) -> int:
    """Write the file, or say whether it is what would be written."""
    if "--check" in arguments:
        return int(SCHEMA_FILE.read_text(encoding="utf-8") != schema_text())
    SCHEMA_FILE.parent.mkdir(exist_ok=True)
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
