"""Mẫu bắt đầu từ giao diện: what a clerk fills in to start a deed by hand.

`choices` marks a field whose dropdown is filled from the database (flows/choices.py).
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import BaseModel, Field

from khcn_workflow.domain.science_task import Kind, Level, Source

OPEN_TASKS, OFFICERS, PERSONS, STEPS = "open-tasks", "officers", "persons", "steps"


def _picked(title: str, choices: str, description: str = "") -> object:
    return Field(
        title=title, description=description or None, json_schema_extra={"choices": choices}
    )


def _one_of(title: str, words: Iterable[Level | Kind | Source]) -> object:
    return Field(title=title, json_schema_extra={"enum": [word.label for word in words]})


Task = Annotated[str, _picked("Nhiệm vụ", OPEN_TASKS)]
By = Annotated[str, _picked("Người ghi", PERSONS, "Cán bộ ghi việc này.")]
Code = Annotated[
    str,
    Field(title="Mã một lần", description="6 số trên điện thoại; chỉ khi Sở đặt KHCN_TOTP=on."),
]
Paper = Annotated[str, Field(title="Số văn bản")]
On = Annotated[date, Field(title="Ngày trên văn bản")]


class NewTaskForm(BaseModel):
    """Một nhiệm vụ mới vào sổ."""

    code: str = Field(title="Mã nhiệm vụ", description="Ví dụ NV-2026-07; không có dấu cách.")
    title: str = Field(title="Tên nhiệm vụ")
    level: Annotated[str, _one_of("Cấp", Level)]
    kind: Annotated[str, _one_of("Loại hình", Kind)]
    source: Annotated[str, _one_of("Nguồn", Source)]
    plan_year: int = Field(title="Năm kế hoạch", ge=2000, le=2100)
    officer: Annotated[str, _picked("Chuyên viên phụ trách", OFFICERS)]
    on: date = Field(title="Ngày vào sổ", description="Ngày trên văn bản đưa nhiệm vụ vào sổ.")
    recorded_by: By
    one_time_code: Code = ""
    host: str = Field("", title="Tổ chức chủ trì")
    principal_investigator: str = Field("", title="Chủ nhiệm")
    budget: str = Field("", title="Kinh phí", description="Ví dụ «980 triệu» hoặc 980.000.000.")
    step: Annotated[str, _picked("Bước bắt đầu", STEPS, "Bỏ trống: bước đầu tiên.")] = ""


class ImportForm(BaseModel):
    """Một sổ Excel trên máy chạy worker."""

    path: str = Field(title="Tệp Excel", description="Đường dẫn trên máy chủ.")
    recorded_by: By
    one_time_code: Code = ""
    only_check: bool = Field(False, title="Chỉ kiểm tra, không ghi")


class SuspendForm(BaseModel):
    """Tạm dừng một nhiệm vụ."""

    task: Task
    on: date = Field(title="Tạm dừng từ ngày", description="Ngày đầu tiên không tính vào hạn.")
    reason: str = Field(title="Lý do")
    document_number: Paper
    recorded_by: By
    one_time_code: Code = ""


class ResumeForm(BaseModel):
    """Tiếp tục một nhiệm vụ đang tạm dừng."""

    task: Task
    on: date = Field(title="Tính lại từ ngày", description="Ngày đầu tiên tính lại vào hạn.")
    document_number: Paper
    recorded_by: By
    one_time_code: Code = ""


class ExtendForm(BaseModel):
    """Gia hạn hợp đồng."""

    task: Task
    ends_on: date = Field(title="Ngày kết thúc mới")
    asked_on: date = Field(title="Ngày tổ chức đề nghị")
    on: On
    document_number: Paper
    recorded_by: By
    one_time_code: Code = ""


class TerminateForm(BaseModel):
    """Chấm dứt thực hiện nhiệm vụ."""

    task: Task
    reason: str = Field(title="Lý do")
    on: On
    document_number: Paper
    recorded_by: By
    one_time_code: Code = ""


class AssignForm(BaseModel):
    """Giao nhiệm vụ cho chuyên viên khác theo dõi."""

    task: Task
    officer: Annotated[str, _picked("Chuyên viên mới", OFFICERS)]
    on: On
    document_number: Paper
    recorded_by: By
    one_time_code: Code = ""
    note: str = Field("", title="Ghi chú")


class AckForm(BaseModel):
    """Đã biết một bước sắp đến hạn, hoãn nhắc; quá hạn thì vẫn báo."""

    task: Task
    until: date = Field(title="Không nhắc đến hết ngày", description="Chậm nhất ngày hạn.")
    reason: str = Field(title="Lý do")
    recorded_by: By
    one_time_code: Code = ""
    step: Annotated[
        str, _picked("Bước", STEPS, "Bỏ trống khi nhiệm vụ chỉ có một bước có hạn.")
    ] = ""


class CorrectForm(BaseModel):
    """Sửa một dòng đã ghi bằng một dòng mới; để trống điều vẫn đúng."""

    seq: int = Field(title="Dòng số", ge=1, description="Số dòng ở trang nhiệm vụ, mục Sổ cái.")
    reason: str = Field(title="Lý do sửa")
    recorded_by: By
    one_time_code: Code = ""
    annuls: bool = Field(False, title="Hủy dòng ghi nhầm")
    outcome: str = Field("", title="Kết quả đúng", description="Mã kết quả, ví dụ passed.")
    on: str = Field("", title="Ngày đúng trên văn bản", description="dd/mm/yyyy.")
    document_number: str = Field("", title="Số văn bản đúng")
    cause: str = Field("", title="Nguyên nhân chậm đúng")
    note: str = Field("", title="Ghi chú đúng")
    day_off_confirmed: bool = Field(False, title="Văn bản đúng ghi ngày nghỉ")


class WhatIfForm(BaseModel):
    """Thử bộ quy định hoặc lịch nháp; không ghi gì."""

    rulebook: str = Field("", title="Bộ quy định nháp", description="Tệp .toml trên máy chủ.")
    replaces: str = Field("", title="Thay bộ quy định", description="Mã bộ mà bản nháp thay.")
    calendar: str = Field(
        "", title="Lịch nháp", description="Thư mục có các tệp .toml, trên máy chủ."
    )


class FreezeForm(BaseModel):
    """Chốt số liệu một kỳ báo cáo."""

    period: str = Field(title="Kỳ báo cáo", description="Ví dụ 2019-H1.")
    recorded_by: By
    one_time_code: Code = ""
    as_of: date | None = Field(None, title="Ngày chốt", description="Bỏ trống: ngày chốt của kỳ.")
