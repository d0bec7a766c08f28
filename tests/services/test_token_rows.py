"""The sealed tokens of an OA in the database, with many processes at them."""

import multiprocessing
from contextlib import closing
from datetime import timedelta

import pytest

from khcn_workflow.bootstrap import Application
from khcn_workflow.settings import Settings
from khcn_workflow.vaults import TokenRow, vault_of
from notifications.channels.zalo_http import Hosts, Patience
from notifications.channels.zalo_oa_api import OaApp, refresh_tokens
from notifications.channels.zalo_tokens import TokenKeeper
from tests.databases import sql
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import APP_ID, APP_SECRET
from tests.office import open_office

ALIAS = "nhacviec"
PROCESSES = 32

fork = multiprocessing.get_context("fork")


@pytest.fixture
def zalo():
    with fake_zalo.running() as server:
        yield server


@pytest.fixture
def office(tmp_path, database):
    app = open_office(tmp_path, None, database=database)
    yield app
    app.close()


def keeper(app: Application, oauth: str) -> TokenKeeper:
    oa = OaApp(APP_ID, APP_SECRET, hosts=Hosts(oauth=oauth), patience=Patience(10, 30))
    return TokenKeeper(vault_of(app, ALIAS), lambda token: refresh_tokens(oa, token))


def need(settings: Settings, oauth: str, gate, found) -> None:
    with closing(Application(settings)) as app:
        gate.wait()
        found.put(keeper(app, oauth).access_token())


def test_thirty_two_processes_that_need_a_new_token_at_once_refresh_once(office, zalo):
    pair = zalo.new_pair()
    keeper(office, zalo.url).start(*pair, timedelta(0))
    office.close()
    gate, found = fork.Barrier(PROCESSES), fork.Queue()
    args = (office.settings, zalo.url, gate, found)
    workers = [fork.Process(target=need, args=args) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    tokens = [found.get(timeout=90) for _ in workers]
    for worker in workers:
        worker.join()
    assert len(set(tokens)) == 1
    assert tokens[0] != pair[0]
    assert zalo.refreshes == 1


def test_a_row_is_changed_by_who_saw_its_last_version(office):
    row = TokenRow(office, ALIAS)
    assert row.swap(0, b"first", None)
    assert not row.swap(0, b"late", None)
    assert row.swap(1, b"second", office.clock.now())
    assert not row.swap(1, b"late", None)
    kept = row.load()
    assert (kept.version, kept.sealed) == (2, b"second")


def test_the_database_holds_no_token_in_clear(office, zalo):
    access, refresh = zalo.new_pair()
    keeper(office, zalo.url).start(access, refresh, timedelta(hours=1))
    kept = str(sql(office.settings.database_url, "SELECT * FROM channel_token"))
    assert access not in kept
    assert refresh not in kept
    assert keeper(office, zalo.url).access_token() == access
