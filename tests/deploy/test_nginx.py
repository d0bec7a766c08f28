"""deploy/nginx/khcn.conf: read by nginx itself where it is there."""

import shutil
import subprocess
from pathlib import Path

import pytest

CONF = Path(__file__).parents[2] / "deploy" / "nginx" / "khcn.conf"


def policy() -> dict[str, list[str]]:
    line = next(row for row in CONF.read_text().splitlines() if "Content-Security" in row)
    parts = line.split('"')[1].strip("; ").split(";")
    return {words[0]: words[1:] for words in (part.split() for part in parts)}


def test_a_page_may_speak_to_our_own_host_only():
    assert policy()["connect-src"] == ["'self'", "wss://$host"]
    for name, sources in policy().items():
        foreign = [s for s in sources if not s.startswith("'") and s not in ("data:", "blob:")]
        assert foreign in ([], ["wss://$host"]), name


@pytest.mark.skipif(not shutil.which("nginx"), reason="máy không có nginx")
def test_nginx_reads_it(tmp_path):
    key, certificate = tmp_path / "khcn.key", tmp_path / "khcn.crt"
    request = "req -x509 -newkey rsa:2048 -nodes -subj /CN=khcn.so.local -keyout {} -out {}"
    command = ["openssl", *request.format(key, certificate).split()]
    subprocess.run(command, check=True, capture_output=True)
    ours = CONF.read_text(encoding="utf-8").replace("/etc/khcn/tls", str(tmp_path))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ access_log off;\n{ours}\n}}")
    done = subprocess.run(
        ["nginx", "-t", "-c", str(whole)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
