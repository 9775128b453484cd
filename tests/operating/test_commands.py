"""What an operator types wrong is answered in a sentence, never with a traceback."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*words, instance, **env):
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=os.environ | {"JETLMS_INSTANCE": str(instance)} | env,
                          capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("words", "said"), [
    (["courses", "rollback", "tefl-foundations", "9"], "no such table"),
    (["courses", "lint", "nothing"], "no course folder"),
    (["audit"], "no such table"),
    (["backup", "/nowhere/at/all/b.tar.gz"], "/nowhere"),
    (["restore", __file__], "cannot be read"),
    (["nonsense"], "No such command"),
])
def test_a_sentence_and_not_a_traceback(tmp_path, words, said):
    code, text = run("-m", "jetlms", *words, instance=tmp_path)
    assert code
    assert said in text
    assert "Traceback" not in text


def test_a_database_that_is_away(tmp_path):
    code, text = run("-m", "jetlms", "audit", instance=tmp_path, JETLMS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing")
    assert code
    assert "the database cannot do this" in text
    assert "Traceback" not in text


@pytest.mark.parametrize("port", ["0", "99999", "-1", "http"])
def test_a_port_that_is_none(tmp_path, port):
    code, text = run("jet", "run", "--port", port, instance=tmp_path)
    assert code == 2
    assert "--port" in text
    assert "Traceback" not in text


def test_an_installation_that_is_a_file(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    code, text = run("-m", "jetlms", "prepare", instance=tmp_path / "file")
    assert code
    assert "file" in text
    assert "Traceback" not in text
