"""The shape of [[council]] in a rulebook file: who must be there and what passes."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from khcn_workflow.domain.council import Seat, Whole
from khcn_workflow.regulations.tables import (
    Amount,
    Flag,
    Id,
    RowId,
    ScopedTable,
    Share,
    Table,
    Text,
    told,
)


class ObligationTable(Table):
    """[[council.obliged]]: who must be present."""

    model_config = ConfigDict(title="Thành phần bắt buộc có mặt")

    seats: tuple[Seat, ...] = Field(min_length=1, description="Một trong các ghế này.")
    count: Amount | Literal["all"] = told("Số người phải có mặt; all là tất cả.", 1)


class ThresholdTable(Table):
    """A share of votes, of the ballots, of those present or of all."""

    model_config = ConfigDict(title="Mức phiếu")

    share: Share = told('Tỷ lệ, viết như luật: "2/3".')
    of: Whole = told("Tính trên số phiếu hợp lệ, số có mặt hay tổng số.", Whole.BALLOTS)
    more_than: Flag = told("true: phải quá tỷ lệ; false: đúng tỷ lệ là đủ.", False)


class MeanScoreTable(Table):
    """[council.passes] kind = "mean-score"."""

    model_config = ConfigDict(title="Điểm trung bình")

    kind: Literal["mean-score"]
    minimum: Amount = told("Điểm trung bình tối thiểu.")
    out_of: Amount = told("Tổng điểm tối đa.", 100)
    zero_share: Share | None = told("Tỷ lệ có mặt cho 0 điểm ở một tiêu chí, quá là loại.", None)
    void_beyond_percent: Amount | None = told(
        "Phiếu lệch quá số phần trăm này so với trung bình thì không hợp lệ.", None
    )
    proposer_bonus_percent: int = Field(
        0, ge=0, description="Phần trăm cộng thêm khi nơi đề xuất cũng là nơi chủ trì."
    )
    scales: dict[str, tuple[int, ...]] = told(
        "Thang điểm: tên → điểm tối đa của từng tiêu chí.", {}
    )


class BallotShareTable(Table):
    """[council.passes] kind = "ballots"."""

    model_config = ConfigDict(title="Tỷ lệ phiếu Đạt")

    kind: Literal["ballots"]
    thresholds: tuple[ThresholdTable, ...] = Field(min_length=1, description="Phải đủ mọi mức.")


class GradesTable(Table):
    """[council.passes] kind = "grades"."""

    model_config = ConfigDict(title="Xếp loại")

    kind: Literal["grades"]
    excellent: ThresholdTable = told("Mức phiếu Xuất sắc, không có phiếu Không đạt.")
    failed: ThresholdTable = told("Mức phiếu Không đạt.")


class MinutesTable(Table):
    """[council.passes] kind = "minutes"."""

    model_config = ConfigDict(title="Kết luận theo biên bản")

    kind: Literal["minutes"]


class NotLoadedTable(Table):
    """[council.passes] kind = "not-loaded"."""

    model_config = ConfigDict(title="Chưa nạp")

    kind: Literal["not-loaded"]


PassTable = Annotated[
    MeanScoreTable | BallotShareTable | GradesTable | MinutesTable | NotLoadedTable,
    Field(discriminator="kind"),
]


class CouncilTable(ScopedTable):
    """[[council]]: a council, an appraisal group or a check team."""

    model_config = ConfigDict(title="Hội đồng, tổ, đoàn")

    id: RowId = told("Mã của hội đồng trong bộ.")
    step: Id = told("Bước mà hội đồng kết luận.")
    title: Text = told("Tên hội đồng.")
    article: Text = told("Điều khoản.")
    size_min: Amount | None = told("Số thành viên ít nhất.", None)
    size_max: Amount | None = told("Số thành viên nhiều nhất.", None)
    quorum: Share | None = told('Tỷ lệ phải có mặt, ví dụ "2/3".', None)
    documents: str = told("Mã của [[duty]] nói khi nào phải gửi tài liệu.", "")
    all_reviews: Flag = told("Phải đủ phiếu nhận xét của mọi thành viên.", False)
    obliged: tuple[ObligationTable, ...] = told("Ai bắt buộc có mặt.", ())
    passes: PassTable = told("Thế nào là đạt.")
