import os
import subprocess
import sys

from khcn_workflow.cli.log_files import rotate


def test_a_small_log_is_left_alone(tmp_path):
    log = tmp_path / "server.log"
    assert not rotate(log, limit=10)
    log.write_text("ngắn")
    assert not rotate(log, limit=100)
    assert log.read_text() == "ngắn"


def test_a_full_log_begins_anew_and_only_so_many_old_ones_stay(tmp_path):
    log = tmp_path / "server.log"
    for number in range(5):
        log.write_text(f"lần {number}")
        assert rotate(log, limit=1, kept=3)
    assert log.read_text() == ""
    kept = {path.name: path.read_text() for path in tmp_path.glob("server.log.*")}
    assert kept == {"server.log.1": "lần 4", "server.log.2": "lần 3", "server.log.3": "lần 2"}


def test_a_program_that_holds_the_file_writes_on_at_its_start(tmp_path):
    log = tmp_path / "server.log"
    program = "import sys\nfor line in sys.stdin: sys.stdout.write(line); sys.stdout.flush()"
    with (
        log.open("ab") as out,
        subprocess.Popen(
            [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=out, text=True
        ) as child,
    ):
        assert child.stdin is not None
        child.stdin.write("trước\n")
        child.stdin.flush()
        while not log.stat().st_size:
            os.sched_yield()
        rotate(log, limit=1)
        child.stdin.write("sau\n")
        child.stdin.close()
    assert log.read_text() == "sau\n"
    assert (tmp_path / "server.log.1").read_text() == "trước\n"
