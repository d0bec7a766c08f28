"""The shape of a rulebook file: what may stand in rulebooks/<id>.toml."""

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, StringConstraints

from khcn_workflow.domain.rules import OPENED, DecidingDate, Direction, FieldType, Unit
from khcn_workflow.regulations.council_file import CouncilTable
from khcn_workflow.regulations.tables import (
    Amount,
    Flag,
    Id,
    RowId,
    ScopedTable,
    Table,
    Text,
    told,
)

RecorderRole = Literal["chuyen-vien", "truong-phong", "lanh-dao-so", "van-thu"]
Roles = Annotated[tuple[RecorderRole, ...], Field(min_length=1)]
StageId = Literal[
    "proposal", "council_selection", "appraisal", "contract", "periodic_check", "acceptance"
]
RulebookId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]

ANCHOR = (
    "Mốc tính: opened (ngày mở bước), mã một bước (ngày xong bước đó), bước.trường "
    "(ngày ghi kèm kết quả, ví dụ contract_signing.ends_on) hoặc event.mã-sự-kiện."
)


class SpanTable(Table):
    """So many units after or before an anchor."""

    id: RowId = told("Mã dòng trong bảng căn cứ, không trùng trong bộ.")
    amount: Amount = told("Số ngày, ngày làm việc hoặc tháng; đúng như luật, không quy đổi.")
    unit: Unit = told("Đơn vị của luật.")
    anchor: Text = told(ANCHOR, OPENED)
    direction: Direction = told("after: sau mốc; before: ít nhất trước mốc.", Direction.AFTER)


class LimitTable(SpanTable, ScopedTable):
    """[[step.limit]]: a time limit of the law."""

    model_config = ConfigDict(title="Thời hạn luật định")

    every: Flag = told("Lặp lại: lượt thứ n đến hạn sau n lần số ngày.", False)
    article: Text = told("Điều khoản.")
    owner: Text = told("Ai phải làm.", "Sở")
    in_force_by: str = told(
        "Mốc dùng để xét hiệu lực (ví dụ call: ngày thông báo); bỏ trống là chính mốc tính.", ""
    )


class OverlayLimitTable(LimitTable):
    """[[limit]]: a limit of the overlay's own norm for a step of its base."""

    model_config = ConfigDict(title="Thời hạn của văn bản riêng")

    step: Id = told("Bước mà thời hạn áp dụng.")


class TargetTable(OverlayLimitTable):
    """[[target]]: an internal target of the Department for one step."""

    model_config = ConfigDict(title="Mục tiêu nội bộ")


class FieldTable(Table):
    """[[step.outcome.field]]: a fact that comes with an outcome."""

    model_config = ConfigDict(title="Thông tin kèm kết quả")

    id: Id = told("Mã trường.")
    title: Text = told("Tên trường trên biểu mẫu.")
    type: FieldType = told("Kiểu giá trị.")
    required: Flag = told("Bắt buộc ghi.", False)


class OutcomeTable(Table):
    """[[step.outcome]]: what may come of a step."""

    model_config = ConfigDict(title="Kết quả bước")

    id: Id = told("Mã kết quả, không trùng trong bước.")
    title: Text = told("Tên kết quả trên biểu mẫu.")
    opens: tuple[Id, ...] = told("Các bước mở ra.", ())
    closes: tuple[StageId, ...] = told("Các giai đoạn mà bước đang mở khép lại.", ())
    interim: Flag = told("Kết quả giữa chừng: bước vẫn mở.", False)
    ends: str = told("Nhiệm vụ kết thúc thế nào; bỏ trống khi còn tiếp tục.", "")
    favourable: Flag = told("Báo cáo tính là đã xong bước.", True)
    field: tuple[FieldTable, ...] = told("Thông tin phải ghi kèm.", ())
    recorders: Roles | None = told("Ai được ghi kết quả này; bỏ trống là như bước, như bộ.", None)


class StepTable(Table):
    """[[step]]: one thing that has to happen."""

    model_config = ConfigDict(title="Bước")

    id: Id = told("Mã bước; bước cùng nghĩa ở các bộ phải cùng mã vì báo cáo đếm theo mã.")
    stage: StageId = told("Giai đoạn.")
    title: Text = told("Tên bước.")
    noun: str = told("Tên bước đứng trong câu văn; bỏ trống là tên bước viết thường.", "")
    decided_by: Text = told("Ai quyết định.")
    document: Text = told("Văn bản chứng minh.")
    requires: tuple[Id, ...] = told("Các bước phải xong trước.", ())
    entry: Flag = told("Nhiệm vụ có thể bắt đầu ở bước này.", False)
    recorders: Roles | None = told("Ai được ghi kết quả của bước; bỏ trống là như bộ.", None)
    limit: tuple[LimitTable, ...] = told("Thời hạn luật định.", ())
    outcome: tuple[OutcomeTable, ...] = Field(min_length=1, description="Các kết quả.")


class RecordersTable(Table):
    """[recorders]: which roles record what, where no step or outcome says otherwise."""

    model_config = ConfigDict(title="Ai được ghi (sắp xếp nội bộ của Sở, không phải luật)")

    outcome: Roles | None = told("Kết quả sau đó nhiệm vụ còn tiếp tục.", None)
    ending: Roles | None = told("Kết quả kết thúc nhiệm vụ.", None)
    delay: Roles | None = told("Giải trình chậm.", None)
    suspended: Roles | None = told("Tạm dừng.", None)
    resumed: Roles | None = told("Tiếp tục sau tạm dừng.", None)
    extended: Roles | None = told("Gia hạn hợp đồng.", None)
    terminated: Roles | None = told("Chấm dứt thực hiện.", None)


class RecorderTable(Table):
    """[[recorder]]: who records at a step of the base, or one outcome of it."""

    model_config = ConfigDict(title="Ai được ghi ở một bước của bộ gốc (sắp xếp nội bộ)")

    step: Id = told("Bước.")
    outcome: str = told("Mã kết quả; bỏ trống là mọi kết quả của bước.", "")
    roles: Roles = told("Các vai trò được ghi.")


class SideLimitTable(SpanTable):
    """[[duty.limit]]: a limit told in a duty's text; article and window are the duty's."""

    model_config = ConfigDict(title="Thời hạn phụ")

    owner: str = told("Ai phải làm; bỏ trống là như điều luật kèm theo.", "")


class DutyTable(ScopedTable):
    """[[duty]]: a rule shown beside a step."""

    model_config = ConfigDict(title="Điều luật kèm theo bước")

    id: RowId = told("Mã dòng trong bảng căn cứ.")
    step: Id = told("Bước mà điều luật đi kèm.")
    text: Text = told("Nội dung, viết cho cán bộ đọc.")
    article: Text = told("Điều khoản.")
    owner: Text = told("Ai phải làm.", "Sở")
    limit: tuple[SideLimitTable, ...] = told("Thời hạn phụ cho máy tính.", ())


class CauseTable(Table):
    """[[cause]]: a reason for lateness that may be recorded."""

    model_config = ConfigDict(title="Nguyên nhân chậm")

    id: RowId = told("Mã nguyên nhân.")
    title: Text = told("Tên nguyên nhân trên biểu mẫu.")
    phrase: Text = told("Cụm từ đứng sau «còn chậm do».")


class EventTable(Table):
    """[[event]]: something outside the steps from which a limit counts."""

    model_config = ConfigDict(title="Sự kiện")

    id: Id = told("Mã sự kiện; mốc tính viết event.mã.")
    title: Text = told("Tên sự kiện.")


class UnreadNormTable(ScopedTable):
    """[[not_loaded]]: a norm in force whose limits nobody has read into the file."""

    model_config = ConfigDict(title="Văn bản chưa nạp")

    id: RowId = told("Mã của dòng.")
    norm: Text = told("Số, ký hiệu văn bản.")
    note: str = told("Ghi chú.", "")
    steps: tuple[Id, ...] = told("Các bước mà văn bản định thời hạn; bỏ trống là mọi bước.", ())


class TransitionTable(Table):
    """[transition]: which day of a task's life decides what rules it."""

    model_config = ConfigDict(title="Điều khoản chuyển tiếp")

    decides: DecidingDate = told("Ngày quyết định bộ quy định của nhiệm vụ.")
    text: Text = told("Nội dung điều khoản.")
    article: Text = told("Điều khoản.")


class ExtensionTable(Table):
    """[extension]: how often, how long, and how early an extension must be asked for."""

    model_config = ConfigDict(title="Gia hạn")

    article: Text = told("Điều khoản.")
    times: Amount = told("Số lần được gia hạn.")
    asked_months_before: Amount = told("Đề nghị phải gửi trước ngày kết thúc ít nhất mấy tháng.")
    border_months: Amount = told("Nhiệm vụ đến bấy nhiêu tháng thì theo mức ngắn.")
    short_months: Amount = told("Gia hạn tối đa (tháng) của nhiệm vụ đến mức ấy.")
    long_months: Amount = told("Gia hạn tối đa (tháng) của nhiệm vụ dài hơn.")


class RulebookFile(Table):
    """A whole file; one that extends another adds to it, and may drop rows of it."""

    model_config = ConfigDict(title="Bộ quy định nhiệm vụ khoa học và công nghệ")

    id: RulebookId = told("Mã của bộ.")
    title: Text = told("Tên của bộ.")
    version: Text = told("Phiên bản của tệp, ví dụ 2026.11.")
    family: str = told("Loại nhiệm vụ; các bộ cùng loại nối tiếp nhau theo thời gian.", "")
    province: str = told("Mã cơ quan (KHCN_AGENCY) nếu là hồ sơ riêng.", "")
    extends: str = told("Mã bộ gốc mà tệp này bổ sung.", "")
    effective_from: date | None = told("Ngày quyết định sớm nhất thuộc bộ này.", None)
    effective_to: date | None = told("Ngày quyết định muộn nhất thuộc bộ này.", None)
    drops: tuple[RowId, ...] = told("Mã dòng của bộ gốc không áp dụng ở đây.", ())
    transition: TransitionTable | None = told("Điều khoản chuyển tiếp.", None)
    extension: ExtensionTable | None = told("Điều khoản gia hạn; không có là chưa nạp.", None)
    recorders: RecordersTable | None = told(
        "Ai được ghi: sắp xếp nội bộ của Sở, không phải luật.", None
    )
    stages: dict[StageId, Text] = told("Tên sáu giai đoạn.", {})
    step: tuple[StepTable, ...] = told("Các bước, theo thứ tự của quy định.", ())
    limit: tuple[OverlayLimitTable, ...] = told("Thời hạn thêm vào bước của bộ gốc.", ())
    target: tuple[TargetTable, ...] = told("Mục tiêu nội bộ, không phải luật.", ())
    recorder: tuple[RecorderTable, ...] = told("Ai được ghi ở một bước của bộ gốc.", ())
    duty: tuple[DutyTable, ...] = told("Điều luật kèm theo bước.", ())
    council: tuple[CouncilTable, ...] = told("Hội đồng, tổ thẩm định, đoàn kiểm tra.", ())
    cause: tuple[CauseTable, ...] = told("Nguyên nhân chậm.", ())
    event: tuple[EventTable, ...] = told("Sự kiện ngoài các bước.", ())
    not_loaded: tuple[UnreadNormTable, ...] = told("Văn bản chưa nạp.", ())
