from datetime import UTC, datetime, timedelta

import pytest

from notifications.channels.linking import Invitation, Link, digest, link_people, new_code
from notifications.channels.zalo_bot_api import Bot, check_bot, get_updates
from notifications.channels.zalo_http import Hosts, Undelivered
from notifications.outbox import Outcome
from tests.notifications import fake_zalo
from tests.notifications.fake_zalo import BOT_TOKEN, UPDATES, bot_error

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CODE = "KHCN-7F3K-9QMP"


class People:
    """Where accepted links go; a code is spent by the first."""

    def __init__(self):
        self.spent, self.chats = set(), {}

    def accept(self, invitation, message):
        if invitation.digest in self.spent:
            return False
        self.spent.add(invitation.digest)
        self.chats[invitation.person] = (message.chat_id, message.name)
        return True


@pytest.fixture
def zalo():
    with fake_zalo.running() as server:
        yield server


def bot(zalo, token=BOT_TOKEN):
    return Bot(token, Hosts(bot=zalo.url))


def invitation(expires_in=timedelta(hours=1)):
    return Invitation("lan", "Nông Thị Lan", digest(CODE), NOW + expires_in)


def link(zalo, people, invitations):
    return link_people(bot(zalo), invitations, people.accept, NOW, wait_seconds=1)


@pytest.mark.parametrize(
    "text", [CODE, "khcn-7f3k-9qmp", "Mã của tôi: KHCN 7F3K 9QMP nhé", "KHCN–7F3K–9QMP"]
)
def test_a_person_who_sends_their_code_is_linked_and_told(zalo, text):
    people = People()
    zalo.person_writes(text)
    assert link(zalo, people, [invitation()]) == [Link("lan", "chat-lan")]
    assert people.chats == {"lan": ("chat-lan", "Lan")}
    assert zalo.sent == [
        (
            "bot",
            "chat-lan",
            "Đã liên kết Zalo với tài khoản Nông Thị Lan. Từ nay lời nhắc việc sẽ được gửi tại "
            "đây.",
        )
    ]


def test_a_code_works_once(zalo):
    people = People()
    zalo.chats.add("chat-ke-gian")
    zalo.person_writes(CODE)
    assert len(link(zalo, people, [invitation()])) == 1
    zalo.person_writes(CODE, chat="chat-ke-gian", name="Khác")
    assert link(zalo, people, [invitation()]) == []
    assert people.chats["lan"][0] == "chat-lan"
    assert zalo.sent[-1][1:] == (
        "chat-ke-gian",
        "Mã liên kết không đúng, đã dùng hoặc đã hết hạn. Đề nghị xin mã mới.",
    )


@pytest.mark.parametrize("left", [timedelta(0), timedelta(seconds=-1)])
def test_a_code_that_has_run_out_links_nobody(zalo, left):
    zalo.person_writes(CODE)
    assert link(zalo, People(), [invitation(left)]) == []
    assert "hết hạn" in zalo.sent[0][2]


def test_a_code_shown_in_a_group_links_nobody(zalo):
    people = People()
    zalo.person_writes(CODE, kind="GROUP")
    assert link(zalo, people, [invitation()]) == []
    assert people.spent == set()
    assert "không nhắn trong nhóm" in zalo.sent[0][2]


def test_a_text_without_a_code_costs_no_answer(zalo):
    zalo.person_writes("Xin chào")
    assert link(zalo, People(), [invitation()]) == []
    assert zalo.sent == []


def test_nothing_written_is_nothing_read(zalo):
    assert get_updates(bot(zalo), 1) == []


def test_a_photo_is_no_text(zalo):
    zalo.written.append({"event_name": "message.image.received", "message": {"photo": "x"}})
    assert get_updates(bot(zalo), 1) == []


def test_several_updates_at_once_are_all_read(zalo):
    zalo.person_writes("một")
    zalo.person_writes("hai")
    zalo.written = type(zalo.written)([list(zalo.written)])
    assert [message.text for message in get_updates(bot(zalo), 1)] == ["một", "hai"]


def test_a_wrong_token_is_told(zalo):
    with pytest.raises(Undelivered) as caught:
        get_updates(bot(zalo, "4137:sai"), 1)
    assert caught.value.attempt.outcome is Outcome.AUTH
    zalo.will(UPDATES, bot_error(429))
    with pytest.raises(Undelivered) as caught:
        get_updates(bot(zalo), 1)
    assert caught.value.attempt.outcome is Outcome.LATER


def test_a_bot_is_checked_by_its_own_name(zalo):
    assert check_bot(bot(zalo)) == "bot.nhacviec"
    with pytest.raises(Undelivered):
        check_bot(bot(zalo, "4137:sai"))


def test_codes_are_many_and_only_their_digest_is_kept():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(digest(code) for code in codes)
    assert not any(set("01ILO") & set(code.removeprefix("KHCN")) for code in codes)
    assert CODE[5:9] not in digest(CODE)
    assert digest("không có mã") == ""
