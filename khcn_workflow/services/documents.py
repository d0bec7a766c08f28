"""Tệp văn bản: the paper itself kept beside the fact that it proves."""

from pathlib import Path

from khcn_workflow.domain.ledger import Document
from khcn_workflow.settings import Settings
from khcn_workflow.storage.documents import Documents


def shown_document(settings: Settings, number: str, file: Path | None) -> Document:
    """The document of a fact: its number, and the hash of its file, which is kept from now on.

    A file stays even if the fact is refused afterwards: another may name it already.

    Raises:
        DocumentFileError: The file cannot be taken.
    """
    return Document(number, sha256=Documents(settings.home).keep(file) if file else "")
