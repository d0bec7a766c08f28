"""What the environment sets: one frozen value, read once at the door."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from khcn_workflow.domain.errors import SettingError

IN_FORCE = "theo-hieu-luc"
"""The setting that lets the transition clauses choose each task's rulebook."""

FAMILY = "khoa-hoc-cong-nghe"
"""The family of rulebooks of tasks that name none."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things lie and how people are reached.

    Attributes:
        home: `KHCN_HOME`: database, outgoing mail and reports; default `./.khcn`.
        database_url: `KHCN_DATABASE_URL`: SQLite or PostgreSQL; default SQLite in the home.
        today: `KHCN_TODAY`: the day to take as today (YYYY-MM-DD).
        rulebook: `KHCN_RULEBOOK`: rulebook of tasks whose row names none; by default the
            one in force when the task enters the ledger (`IN_FORCE`).
        agency: `KHCN_AGENCY`: whose letterhead and signers the report carries.
        mail_url: `KHCN_MAIL_URL`: an Apprise URL; default the folder `outbox` in the home.
        mail_from: `KHCN_MAIL_FROM`: the sender's address.
        zalo_url: `KHCN_ZALO_URL`: zalobot://alias or zalooa://alias?template=…; holds no secret.
            Empty: Zalo is not used, and what was meant for it goes by mail.
        admin_url: `KHCN_ADMIN_URL`: an Apprise URL for alerts about the system itself;
            default the folder `quan-tri` in the home.
        admin_email: `KHCN_ADMIN_EMAIL`: the administrator's address, for a mail channel.
        actor: `KHCN_ACTOR`: code of the person at the command line.
        overlays: `KHCN_CALENDARS`: folder with the Department's own days off.
        rulebooks: `KHCN_RULEBOOKS`: folder with the Department's own rulebooks.
        mail_templates: `KHCN_MAIL_TEMPLATES`: folder whose templates go before ours.
        ui_url: `KHCN_UI_URL`: address of the Prefect UI, for links in mails.
        totp: `KHCN_TOTP` (on, off): the form asks for a one-time code; default off.
        secret_key: `KHCN_SECRET_KEY`: what secrets are sealed with; default `secret.key` in
            the home.
    """

    home: Path
    database_url: str
    today: date | None
    rulebook: str
    agency: str
    mail_url: str
    mail_from: str
    admin_url: str
    admin_email: str
    actor: str
    overlays: Path | None
    rulebooks: Path | None
    mail_templates: Path | None
    ui_url: str
    totp: bool = False
    zalo_url: str = ""
    secret_key: str = field(default="", repr=False)

    @property
    def own_templates(self) -> Path:
        """The Department's own templates of papers and reports, which go before ours."""
        return self.home / "mau"

    @property
    def own_agencies(self) -> Path:
        """Files of agencies that go before ours, one `<KHCN_AGENCY>.toml` each."""
        return self.own_templates / "co-quan"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process.

    Raises:
        SettingError: A value cannot be used; the sentence says what is expected.
    """
    env = os.environ if environment is None else environment
    home = Path(env.get("KHCN_HOME", ".khcn")).expanduser().absolute()
    return Settings(
        home=home,
        database_url=env.get("KHCN_DATABASE_URL", f"sqlite:///{home / 'khcn.sqlite'}"),
        today=_day(env, "KHCN_TODAY"),
        rulebook=env.get("KHCN_RULEBOOK", IN_FORCE),
        agency=env.get("KHCN_AGENCY", "cao-bang"),
        mail_url=env.get("KHCN_MAIL_URL", f"mailbox://{home / 'outbox'}"),
        mail_from=env.get("KHCN_MAIL_FROM", "khcn-workflow@localhost.example"),
        admin_url=env.get("KHCN_ADMIN_URL", f"mailbox://{home / 'quan-tri'}"),
        admin_email=env.get("KHCN_ADMIN_EMAIL", "quan-tri@localhost.example"),
        actor=env.get("KHCN_ACTOR", env.get("USER", "he-thong")),
        overlays=_folder(env, "KHCN_CALENDARS"),
        rulebooks=_folder(env, "KHCN_RULEBOOKS"),
        mail_templates=_folder(env, "KHCN_MAIL_TEMPLATES"),
        ui_url=env.get("KHCN_UI_URL", "").rstrip("/"),
        totp=_switch(env, "KHCN_TOTP"),
        zalo_url=env.get("KHCN_ZALO_URL", "").strip(),
        secret_key=env.get("KHCN_SECRET_KEY", ""),
    )


def as_environment(settings: Settings) -> dict[str, str]:
    """The variables that make another process read these settings."""
    given = {
        "KHCN_HOME": settings.home,
        "KHCN_DATABASE_URL": settings.database_url,
        "KHCN_TODAY": settings.today,
        "KHCN_RULEBOOK": settings.rulebook,
        "KHCN_AGENCY": settings.agency,
        "KHCN_MAIL_URL": settings.mail_url,
        "KHCN_MAIL_FROM": settings.mail_from,
        "KHCN_ADMIN_URL": settings.admin_url,
        "KHCN_ADMIN_EMAIL": settings.admin_email,
        "KHCN_ACTOR": settings.actor,
        "KHCN_CALENDARS": settings.overlays,
        "KHCN_RULEBOOKS": settings.rulebooks,
        "KHCN_MAIL_TEMPLATES": settings.mail_templates,
        "KHCN_UI_URL": settings.ui_url,
        "KHCN_TOTP": "on" if settings.totp else "off",
        "KHCN_ZALO_URL": settings.zalo_url,
        "KHCN_SECRET_KEY": settings.secret_key,
    }
    return {name: str(value) if value is not None else "" for name, value in given.items()}


def _day(env: Mapping[str, str], name: str) -> date | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingError(name, text, "ngày viết YYYY-MM-DD, ví dụ 2019-06-10") from None


def _switch(env: Mapping[str, str], name: str) -> bool:
    text = env.get(name, "").strip().lower()
    if text not in ("", "on", "off"):
        raise SettingError(name, text, "on hoặc off")
    return text == "on"


def _folder(env: Mapping[str, str], name: str) -> Path | None:
    text = env.get(name, "").strip()
    if not text:
        return None
    folder = Path(text).expanduser().absolute()
    if not folder.is_dir():
        raise SettingError(name, text, "một thư mục có thật")
    return folder
