import re
import tomllib
from pathlib import Path

import pytest

import notifications.channels.zalo_errors as module
from notifications.channels.zalo_errors import Api, error_table, http_verdict, verdict
from notifications.outbox import Outcome

DOCUMENT = tomllib.loads((Path(module.__file__).parent / "zalo_errors.toml").read_text("utf-8"))
AS_THE_DOCUMENTS_SAY = {
    Api.OA: {
        Outcome.AUTH: "-216 -220 -204 -205 -209 -212 -219 -221 -223 -224 -242 -320 -321",
        Outcome.PERMANENT: "-201 -210 -213 -217 -227 -230 -232 -233 -244 -248 -249",
        Outcome.LATER: "-211 -218 -234",
        Outcome.RETRY: "-32 -200 -100",
    },
    Api.ZBS: {
        Outcome.AUTH: "-124 -101 -102 -103 -104 -105 -115 -120 -125 -135 -1351 -136 -137 -1241",
        Outcome.PERMANENT: "-108 -109 -111 -112 -1121 -1122 -1124 -114 -118 -119 -117 -131 "
        "-139 -140 -141 -146",
        Outcome.LATER: "-133 -144 -147 -1441 -1471 -1472",
        Outcome.RETRY: "-100",
    },
    Api.BOT: {
        Outcome.AUTH: "401 404",
        Outcome.PERMANENT: "400",
        Outcome.LATER: "429",
        Outcome.RETRY: "403",
        Outcome.UNKNOWN: "408",
    },
}


@pytest.mark.parametrize("api", AS_THE_DOCUMENTS_SAY)
def test_each_api_has_exactly_the_codes_of_its_document(api):
    found = {}
    for code, meaning in error_table(api).items():
        found.setdefault(meaning.outcome, set()).add(code)
    expected = {o: set(map(int, text.split())) for o, text in AS_THE_DOCUMENTS_SAY[api].items()}
    assert found == expected


def test_only_a_lost_access_token_asks_for_a_new_one():
    asking = {
        (api, code) for api in Api for code, meaning in error_table(api).items() if meaning.refresh
    }
    assert asking == {(Api.OA, -216), (Api.OA, -220), (Api.ZBS, -124)}


def test_the_phone_is_tried_only_for_a_person_the_oa_cannot_reach():
    by_phone = {code for code, meaning in error_table(Api.OA).items() if meaning.by_phone}
    assert by_phone == {-213, -227, -230, -232, -244}


def test_the_same_number_means_different_things_in_different_apis():
    assert verdict(Api.ZBS, -115).outcome is Outcome.AUTH
    assert verdict(Api.OA, -115).outcome is Outcome.PERMANENT
    assert verdict(Api.ZBS, -131).words != verdict(Api.OA, -131).words


def test_a_number_no_table_has_is_permanent_so_that_the_mail_goes():
    found = verdict(Api.OA, -9999)
    assert (found.outcome, found.source) == (Outcome.PERMANENT, "")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, Outcome.UNKNOWN),
        (204, Outcome.UNKNOWN),
        (302, Outcome.UNKNOWN),
        (400, Outcome.RETRY),
        (407, Outcome.AUTH),
        (408, Outcome.UNKNOWN),
        (429, Outcome.LATER),
        (500, Outcome.UNKNOWN),
        (503, Outcome.UNKNOWN),
    ],
)
def test_an_answer_without_a_number_is_judged_by_its_status(status, outcome):
    assert http_verdict(status).outcome is outcome


def test_every_group_names_a_source_that_the_file_explains():
    for api in Api:
        for group in DOCUMENT[api]:
            named = re.findall(r"[SD]\d+", group["source"])
            assert named
            assert set(named) <= set(DOCUMENT["sources"])


def test_no_code_stands_twice_in_one_table():
    for api in Api:
        codes = [code for group in DOCUMENT[api] for code in group["codes"]]
        assert len(codes) == len(set(codes))
