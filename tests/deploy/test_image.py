"""Dockerfile and compose.yaml, as far as they can be checked without a container engine."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCKER = ROOT / "deploy" / "docker"
KNOWN = {
    "KHCN_DB_PASSWORD",
    "KHCN_UI_URL",
    "PREFECT_SERVER_API_AUTH_STRING",
    "PREFECT_SERVER_ENCRYPTION_KEY",
}


def instructions() -> list[tuple[str, str]]:
    """(instruction, rest) of the Dockerfile, continued lines joined."""
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.partition(" ")[0], line.partition(" ")[2]) for line in lines]


def copies() -> list[tuple[list[str], str]]:
    found = []
    for name, rest in instructions():
        if name == "COPY":
            *sources, target = rest.split()
            found.append((sources, target))
    return found


def test_what_is_copied_is_here_and_kept_by_git():
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    for sources, _ in copies():
        for source in sources:
            assert (ROOT / source).exists(), source
            assert not tracked or source in tracked


def test_it_does_not_run_as_root_and_says_when_it_is_well():
    names = dict(instructions())
    assert names["USER"] == "khcn"
    assert "/api/health" in names["HEALTHCHECK"]


@pytest.mark.cluster
@pytest.mark.timeout(900)
def test_the_steps_of_the_image_give_a_khcn_that_runs(tmp_path):
    """COPY into a folder, RUN pip in a clean environment; then the program answers."""
    build, python = tmp_path / "build", tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "venv")], check=True)
    for sources, target in copies():
        for source in sources:
            place = Path(target.replace("/build", str(build)))
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, place)
            else:
                place.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / source, place)
    steps = [rest for name, rest in instructions() if name == "RUN" and rest.startswith("pip ")]
    assert steps
    for step in steps:
        words = [word.replace("/build", str(build)) for word in shlex.split(step)]
        subprocess.run([str(python), "-m", *words, "--quiet"], check=True)
    shutil.rmtree(build)
    khcn = python.parent / "khcn"
    environment = {"PATH": "/usr/bin:/bin", "KHCN_HOME": str(tmp_path / "home")}
    for arguments in (["--version"], ["tasks"], ["verify"], ["doctor"]):
        done = subprocess.run(
            [str(khcn), *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        assert done.returncode == (1 if arguments == ["doctor"] else 0), done.stdout
    assert "✔ Thư viện: đúng phiên bản" in done.stdout
    import_them = "import prefect_redis, psycopg, flows.automations"
    subprocess.run([str(python), "-c", import_them], cwd=tmp_path, check=True)


def compose() -> dict:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


def test_every_service_has_an_image_and_waits_for_one_that_is_there():
    services = compose()["services"]
    assert set(services) == {"db", "server", "deploy", "worker"}
    for service in services.values():
        assert service["image"] in {"postgres:17", "khcn-workflow"}
        for other in service.get("depends_on", {}):
            assert other in services
            if service["depends_on"][other]["condition"] == "service_healthy":
                assert "test" in services[other].get("healthcheck", {}) or other == "server"
        if "build" in service:
            assert (DOCKER / service["build"]["context"]).resolve() == ROOT
            assert (ROOT / service["build"]["dockerfile"]).is_file()


def test_only_this_machine_reaches_the_port_and_only_known_secrets_are_asked_for():
    text = (DOCKER / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+)\}", text)) == KNOWN
    ports = [
        port for service in compose()["services"].values() for port in service.get("ports", [])
    ]
    assert ports == ["127.0.0.1:4200:4200"]


def test_a_volume_is_declared_and_a_mounted_file_is_here():
    found = compose()
    for service in found["services"].values():
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in found["volumes"] or (DOCKER / source).exists()
