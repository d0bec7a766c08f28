"""Reads who reports, who signs and who receives from agencies/<id>.toml."""

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from khcn_workflow.domain.agency import PREFIXES, Agency
from khcn_workflow.domain.errors import KhcnError, NotFoundError

PACKAGED = Path(__file__).parent / "agencies"

_ADAPTER = TypeAdapter(Agency)


class AgencyFileError(KhcnError):
    """An agency file cannot be used."""

    def __init__(self, path: Path, problems: Sequence[str]) -> None:
        self.path, self.problems = path, tuple(problems)
        super().__init__(f"Tệp cơ quan {path.name} chưa dùng được: {'; '.join(problems)}.")


@lru_cache(maxsize=8)
def load_agency(agency_id: str = "cao-bang", extra: Path | None = None) -> Agency:
    """The Department of that id; a file in the Department's own folder goes first.

    Raises:
        NotFoundError: There is no such file; the sentence lists those there are.
        AgencyFileError: The file cannot be read; names each bad key.
    """
    folders = [folder for folder in (extra, PACKAGED) if folder is not None]
    for folder in folders:
        path = folder / f"{agency_id}.toml"
        if path.is_file():
            return read_agency(path)
    known = sorted({path.stem for folder in folders for path in folder.glob("*.toml")})
    raise NotFoundError("cơ quan", agency_id, f"Hiện có: {', '.join(known)}.")


def read_agency(path: Path) -> Agency:
    """One file, checked key by key.

    Raises:
        AgencyFileError: It is not TOML, or a key is missing, unknown or unusable.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        unknown = sorted(set(table) - set(Agency.__dataclass_fields__))
        if unknown:
            raise AgencyFileError(path, [f"không có khóa «{key}»" for key in unknown])
        agency = _ADAPTER.validate_python(table)
    except tomllib.TOMLDecodeError as error:
        raise AgencyFileError(path, [f"không phải TOML ({error})"]) from error
    except ValidationError as error:
        problems = [
            f"khóa «{'.'.join(str(part) for part in e['loc'])}»: {e['msg']}" for e in error.errors()
        ]
        raise AgencyFileError(path, problems) from error
    for prefix in (agency.signer_prefix, *(s.prefix for s in agency.signers.values())):
        if prefix and not prefix.startswith(PREFIXES):
            problem = f"«{prefix}» trước chức vụ người ký phải bắt đầu bằng {', '.join(PREFIXES)}"
            raise AgencyFileError(path, [problem])
    return agency
