"""Refusals: each names the rule it guards and builds its own Vietnamese sentence."""

from collections.abc import Mapping, Sequence
from datetime import date

from khcn_workflow.domain import vietnamese


class KhcnError(Exception):
    """Anything the house refuses or cannot do, said in one Vietnamese sentence."""


class SettingError(KhcnError):
    """A setting holds a value that cannot be used."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        self.name, self.value = name, value
        super().__init__(f"Biến {name} có giá trị «{value}» không dùng được: cần {expected}.")


class NotFoundError(KhcnError):
    """Something was named that the ledger does not know."""

    def __init__(self, what: str, name: str, hint: str = "") -> None:
        self.what, self.name = what, name
        super().__init__(f"Không tìm thấy {what} «{name}».{' ' + hint if hint else ''}")


class UnknownStepError(KhcnError):
    """A step was named that the task's rulebook does not have."""

    def __init__(self, rulebook: str, step: str, known: Sequence[str]) -> None:
        self.step = step
        super().__init__(
            f"Bộ quy định «{rulebook}» không có bước «{step}». Các bước: {', '.join(known)}."
        )


class UnknownOutcomeError(KhcnError):
    """An outcome was given that the rulebook does not allow for the step."""

    def __init__(self, step: str, outcome: str, allowed: Mapping[str, str]) -> None:
        self.outcome = outcome
        choices = "; ".join(f"{key} ({title})" for key, title in allowed.items())
        super().__init__(
            f"Bước «{step}» không có kết quả «{outcome}». Kết quả được phép: {choices}."
        )


class SettledError(KhcnError):
    """What was to be recorded is settled already.

    Attributes:
        row: The ledger row that settled it, told in one sentence; empty until it is known.
    """

    row = ""

    def __str__(self) -> str:
        """The refusal, with who recorded what and when."""
        return f"{super().__str__()} {self.row}".rstrip()


class ChangedMeanwhileError(KhcnError):
    """Somebody recorded something about the task after it was last looked at.

    Attributes:
        version: The version of the task now.
        rows: What was recorded meanwhile, a line each.
    """

    def __init__(self, code: str, seen: int, version: int, rows: Sequence[str]) -> None:
        self.code, self.seen, self.version, self.rows = code, seen, version, tuple(rows)
        listed = "".join(f"\n  - {row}" for row in rows)
        super().__init__(
            f"Nhiệm vụ {code} đã đổi từ khi xem (phiên bản {seen}, nay {version}); chưa ghi gì. "
            f"Trong lúc đó đã ghi:{listed}\n"
            f"Nếu vẫn muốn ghi, hãy ghi lại với --seen {version}."
        )


class StepNotOpenError(SettledError):
    """An outcome was given for a step that is not waiting for one."""

    def __init__(self, code: str, step: str, open_steps: Sequence[str]) -> None:
        self.code, self.step = code, step
        waiting = "; ".join(open_steps) if open_steps else "không có bước nào"
        super().__init__(
            f"Nhiệm vụ {code} hiện không chờ kết quả bước «{step}». Đang chờ: {waiting}."
        )


class AlreadyRecordedError(SettledError):
    """The step was answered meanwhile, perhaps through another door."""

    def __init__(self, code: str, step: str, outcome: str, on: date, by: str) -> None:
        self.code, self.step = code, step
        super().__init__(
            f"Bước «{step}» của nhiệm vụ {code} đã có kết quả «{outcome}» "
            f"ngày {vietnamese.day(on)}, do {by} ghi; không ghi lần thứ hai."
        )


class TaskEndedError(SettledError):
    """An outcome was given for a task that has ended."""

    def __init__(self, code: str, ending: str, on: date) -> None:
        self.code = code
        super().__init__(
            f"Nhiệm vụ {code} đã kết thúc ({ending}) ngày {vietnamese.day(on)}; "
            "không ghi thêm kết quả."
        )


class FutureDateError(KhcnError):
    """A paper is dated after today."""

    def __init__(self, on: date, today: date) -> None:
        self.on = on
        super().__init__(
            f"Ngày {vietnamese.day(on)} ở sau hôm nay ({vietnamese.day(today)}); "
            "hãy ghi ngày có thật trên văn bản."
        )


class BeforeOpeningError(KhcnError):
    """A paper is dated before the step it answers was opened."""

    def __init__(self, step: str, on: date, opened_on: date) -> None:
        self.on = on
        super().__init__(
            f"Ngày {vietnamese.day(on)} ở trước ngày mở bước «{step}» "
            f"({vietnamese.day(opened_on)}); hãy kiểm tra lại ngày trên văn bản."
        )


class DayOffError(KhcnError):
    """A paper is dated on a day off and nobody confirmed it."""

    def __init__(self, on: date, reason: str) -> None:
        self.on = on
        super().__init__(
            f"Ngày {vietnamese.day(on)} là ngày nghỉ ({reason}); "
            "nếu văn bản đúng ghi ngày này, hãy xác nhận rồi ghi lại."
        )


class MissingFieldError(KhcnError):
    """An outcome came without a fact that it cannot do without."""

    def __init__(self, step: str, field: str) -> None:
        self.field = field
        super().__init__(f"Kết quả bước «{step}» còn thiếu «{field}».")


class FieldValueError(KhcnError):
    """A step-specific fact cannot be read."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        self.field = field
        super().__init__(f"«{field}» có giá trị «{value}» không đọc được: cần {expected}.")


class ClockEventError(KhcnError):
    """A suspension, extension or the like that the task or the law does not allow."""

    def __init__(self, code: str, why: str) -> None:
        self.code = code
        super().__init__(f"Nhiệm vụ {code}: {why}.")


class AlreadySuspendedError(ClockEventError, SettledError):
    """A task that is suspended was to be suspended."""

    def __init__(self, code: str, since: date) -> None:
        super().__init__(code, f"đang tạm dừng từ {vietnamese.day(since)}")


class AlreadyCorrectedError(KhcnError):
    """A row that another row stands in the place of was to be corrected once more."""

    def __init__(self, seq: int, by: int, told: str) -> None:
        self.seq, self.by = seq, by
        super().__init__(f"Dòng {seq} đã được thay bởi {told}. Hãy sửa dòng {by}.")


class NotCorrectableError(KhcnError):
    """A row was to be corrected that no other row can stand in the place of."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq = seq
        super().__init__(f"Không sửa được dòng {seq}: {why}.")


class LaterRowFallsError(KhcnError):
    """With the correction, a later row of the task could never have been recorded.

    Attributes:
        seq: The first such row.
    """

    def __init__(self, seq: int, what: str, on: date, why: str) -> None:
        self.seq = seq
        super().__init__(
            f"Không sửa như vậy được: dòng {seq} («{what}», ngày {vietnamese.day(on)}) sẽ không "
            f"còn đứng được. {why} Hãy sửa hoặc hủy dòng {seq} trước."
        )


class BrokenChainError(KhcnError):
    """The ledger's chain of hashes does not hold."""

    def __init__(self, seq: int, what: str) -> None:
        self.seq = seq
        super().__init__(f"Sổ cái không toàn vẹn ở dòng {seq}: {what}.")
