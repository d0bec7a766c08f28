"""A rulebook that is seen at a glance, for tests that mind each part of it."""

from khcn_workflow.domain.rules import (
    ExtensionRule,
    Field,
    FieldType,
    Force,
    Outcome,
    Rulebook,
    Stage,
    Step,
    TimeLimit,
    Unit,
)

SIGNING = Step(
    "contract_signing",
    "contract",
    "Ký hợp đồng",
    "Sở KH&CN",
    "Hợp đồng",
    (
        Outcome("asked", "Đã xin ý kiến", interim=True),
        Outcome(
            "signed",
            "Đã ký",
            opens=("report", "dossier"),
            fields=(
                Field("ends_on", "Ngày kết thúc hợp đồng", FieldType.DATE, required=True),
                Field("checked_on", "Ngày rà soát", FieldType.DATE),
            ),
        ),
        Outcome("refused", "Không ký", ends="không ký hợp đồng"),
    ),
)
REPORT = Step(
    "report",
    "periodic_check",
    "Báo cáo định kỳ",
    "Sở KH&CN",
    "Báo cáo",
    (Outcome("received", "Đã nhận", opens=("report",)),),
    limits=(
        TimeLimit(
            "L1",
            6,
            Unit.MONTHS,
            "contract_signing",
            Force.STATUTORY,
            "Điều 1",
            owner="tổ chức chủ trì",
            every=True,
        ),
    ),
)
DOSSIER = Step(
    "dossier",
    "acceptance",
    "Nộp hồ sơ nghiệm thu",
    "Tổ chức chủ trì",
    "Công văn",
    (Outcome("submitted", "Đã nộp", opens=("meeting", "filing"), closes=("periodic_check",)),),
    limits=(
        TimeLimit(
            "L2",
            30,
            Unit.CALENDAR_DAYS,
            "contract_signing.ends_on",
            Force.STATUTORY,
            "Điều 2",
            owner="tổ chức chủ trì",
        ),
    ),
)
MEETING = Step(
    "meeting",
    "acceptance",
    "Họp nghiệm thu",
    "Hội đồng",
    "Biên bản",
    (
        Outcome("passed", "Đạt", opens=("recognition",)),
        Outcome("again", "Nộp lại hồ sơ", opens=("dossier", "filing")),
    ),
)
FILING = Step(
    "filing",
    "acceptance",
    "Đăng ký kết quả",
    "Sở KH&CN",
    "Giấy chứng nhận",
    (Outcome("filed", "Đã đăng ký", opens=("recognition",)),),
)
RECOGNITION = Step(
    "recognition",
    "acceptance",
    "Công nhận kết quả",
    "UBND tỉnh",
    "Quyết định",
    (Outcome("recognised", "Đã công nhận", ends="đã công nhận kết quả"),),
    requires=("meeting", "filing"),
)

EXTENSION = ExtensionRule("Điều 12", 2, 1, 24, 6, 12)

SMALL = Rulebook(
    "small",
    "Bộ quy định nhỏ",
    "1",
    (
        Stage("contract", "Hợp đồng", (SIGNING,)),
        Stage("periodic_check", "Kiểm tra", (REPORT,)),
        Stage("acceptance", "Nghiệm thu", (DOSSIER, MEETING, FILING, RECOGNITION)),
    ),
    extension=EXTENSION,
)
