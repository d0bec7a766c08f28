"""The naive design: a flow whose process stays for as long as a person takes to answer."""

from prefect import flow, pause_flow_run
from prefect.input import RunInput

from khcn_workflow.bootstrap import start_unattended

A_DAY = 86_400


class Answer(RunInput):
    outcome: str


@flow(name="Chờ bằng tiến trình")
def naive_wait() -> str:
    app = start_unattended()
    answer = pause_flow_run(wait_for_input=Answer, timeout=A_DAY, poll_interval=10)
    return f"{app.settings.home}: {answer.outcome}"


if __name__ == "__main__":
    naive_wait()
