"""Style, scripts and pictures: served under the hash of all of them, so cached for ever, and compressed once an installation."""
import hashlib
import shutil
from functools import cache
from pathlib import Path


@cache
def tree_digest(folder: Path) -> str:
    """Return the short hash of all files below a folder."""
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(folder)).encode() + path.read_bytes())
    return total.hexdigest()[:10]


def pack(folder: Path, instance: Path) -> None:
    """Keep a copy of `folder` with .br and .gz beside each file in the installation; what was packed before goes."""
    from whitenoise.compress import Compressor

    kept = packed(folder, instance)
    if kept.exists():
        return
    shutil.rmtree(kept.parent, ignore_errors=True)
    made = kept.with_name(f"{kept.name}.part")
    shutil.copytree(folder, made)
    compressor = Compressor(quiet=True)
    for path in sorted(p for p in made.rglob("*") if p.is_file()):
        if compressor.should_compress(path.name):
            compressor.compress(str(path))
    made.rename(kept)


def packed(folder: Path, instance: Path) -> Path:
    """Return where the compressed copy of these very files is, or would be."""
    return instance / "static" / tree_digest(folder)
