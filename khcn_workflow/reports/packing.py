"""Zip packages that depend on content only: Word and Excel write the hour into theirs."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO

EPOCH = datetime(1980, 1, 1)  # noqa: DTZ001 - a zip file keeps no time zone
"""The first instant that a zip file can name."""

_CORE = "docProps/core.xml"
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def packed(
    save: Callable[[BinaryIO], object], at: datetime = EPOCH, modified: datetime | None = None
) -> bytes:
    """What `save` writes, with fixed times.

    Args:
        at: The time of every member.
        modified: When the document says it was changed, in UTC; None leaves what is there.
    """
    raw, whole = io.BytesIO(), io.BytesIO()
    save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(whole, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == _CORE and modified is not None:
                stamp = rf"\g<1>{modified:%Y-%m-%dT%H:%M:%SZ}".encode()
                content = _MODIFIED.sub(stamp, content)
            member = zipfile.ZipInfo(name, at.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(member, content)
    return whole.getvalue()
