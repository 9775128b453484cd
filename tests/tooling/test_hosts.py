"""Nothing in this repository names a registry's host or a machine's folder: it must work the same behind any mirror, anywhere."""
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-tools.txt", "package-lock.json"]
# Written as patterns so that this file does not contain what it looks for.
FORBIDDEN = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|yarnpkg\.com|(?:deb|ftp|security)\.debian\.org|artifact[r]egistry"
    r"|/opt/[w]heels|/root/[.\w]|/[w]ork/(?:main|shared|[.]library)|/home/[a-z][a-z0-9_-]+/|/[U]sers/\w+/", re.ASCII)


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_versions_and_hashes_but_no_address(name):
    text = (ROOT / name).read_text("utf-8")
    assert "://" not in text
    assert text.count("sha256:") + text.count("sha512-") > 1


def tracked() -> list[Path]:
    """Return the files of the repository, those not yet committed included."""
    listing = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
                             cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode:
        pytest.skip(f"not a git checkout: {listing.stderr.strip()}")
    return [path for name in listing.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def test_no_file_names_a_host_or_a_machine():
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", "replace")
        found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in FORBIDDEN.finditer(text)]
    assert found == []


def test_what_comes_from_registries_is_not_committed():
    brought = re.compile(r"(^|/)(node_modules|vendor|\.venv|site-packages)/|\.(ttf|otf|woff2?)$|\.min\.js$")
    assert [str(path.relative_to(ROOT)) for path in tracked() if brought.search(path.relative_to(ROOT).as_posix())] == []
