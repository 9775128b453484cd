"""Files: uploaded first, linked later; sniffed, capped, stored by hash; served only through a view that asks the policy."""
import hashlib
import io
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, send_file
from sqlalchemy import Index, delete, exists, select
from sqlalchemy.orm import Mapped, mapped_column

from jetlms.core import clock, crypto, jobs
from jetlms.core.db import Base, db
from jetlms.core.i18n import Text, _

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 40_000_000
UNLINKED_FOR = timedelta(days=7)
# Extension → (MIME type, signatures at the start of the file).
KINDS = {
    "pdf": ("application/pdf", (b"%PDF-",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "csv": ("text/csv", ()),
    "wav": ("audio/wav", (b"RIFF",)),
}


class Blob(Base):
    """Bytes, once each."""

    __tablename__ = "blob"
    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mime: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)


class Attachment(Base):
    """A blob under a name, uploaded by a person, linked to an owner once its form is complete."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_owner", "owner_type", "owner_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    filename: Mapped[str]
    mime: Mapped[str]
    size: Mapped[int]
    uploaded_by: Mapped[int]
    owner_type: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    removed_at: Mapped[datetime | None]


@dataclass
class Unacceptable(Exception):
    """The file cannot be taken; `message` says why, in the reader's language."""

    message: Text

    def __str__(self) -> str:
        return str(self.message)


def store(data: bytes, filename: str, *, by: Any, accept: tuple[str, ...] = ("pdf", "png", "jpg"),
          max_bytes: int = MAX_BYTES) -> Attachment:
    """Keep a file; returns its unlinked attachment. Raises Unacceptable. Images are re-encoded without their metadata."""
    kind = _kind(data, filename, accept, max_bytes)
    if kind in {"png", "jpg"}:
        data = _reencoded(data, kind)
    mime, sha256 = KINDS[kind][0], hashlib.sha256(data).hexdigest()
    if db.session.get(Blob, sha256) is None:
        put(sha256, data)
        db.session.add(Blob(sha256=sha256, size=len(data), mime=mime))
    attachment = Attachment(
        token=crypto.new_token(), sha256=sha256, filename=shown_name(filename), mime=mime, size=len(data), uploaded_by=by.id)
    db.session.add(attachment)
    db.session.flush()
    return attachment


def shown_name(filename: str) -> str:
    """Return a name fit to show and to download: no folders, no control or direction marks, at most 120 characters."""
    name = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C").strip(" .")
    return re.sub(r'[<>:"|?*]', "_", name)[-120:] or "file"


def _kind(data: bytes, filename: str, accept: tuple[str, ...], max_bytes: int) -> str:
    if not data:
        raise Unacceptable(_("This file is empty."))
    if len(data) > max_bytes:
        raise Unacceptable(_("This file is too large. The largest size is %(n)s MB.", n=max_bytes // 1024 // 1024))
    extension = filename.rsplit(".", 1)[-1].lower().replace("jpeg", "jpg") if "." in filename else ""
    signatures = KINDS.get(extension, ("", ()))[1]
    if extension not in accept or (signatures and not data.startswith(signatures)):
        raise Unacceptable(_("This kind of file cannot be taken. Please send: %(kinds)s.", kinds=", ".join(accept)))
    return extension


def _reencoded(data: bytes, kind: str) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unacceptable(_("This picture has too many pixels."))
            upright = ImageOps.exif_transpose(image)
            out = io.BytesIO()
            upright.convert("RGB" if kind == "jpg" else "RGBA").save(out, "JPEG" if kind == "jpg" else "PNG", quality=88)
            return out.getvalue()
    except Unacceptable:
        raise
    except Exception as error:
        raise Unacceptable(_("This picture cannot be read.")) from error


def _store() -> Any:
    """Return the object store: a local folder, or a bucket when configured."""
    from obstore.store import LocalStore, from_url

    where = current_app.config["FILES_URL"]
    if where:
        return from_url(where)
    folder = Path(current_app.config["FILES_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(str(folder))


def put(sha256: str, data: bytes) -> None:
    """Write bytes under their hash."""
    import obstore

    obstore.put(_store(), f"{sha256[:2]}/{sha256}", data)


def get(sha256: str) -> bytes:
    """Read bytes by their hash. Raises FileNotFoundError."""
    import obstore

    return bytes(obstore.get(_store(), f"{sha256[:2]}/{sha256}").bytes())


def response(attachment: Attachment, name: str = "") -> Response:
    """Serve an attachment, always as a download, never as a page; under `name` where its own would tell too much. Ask the policy before."""
    answer = Response(get(attachment.sha256), mimetype=attachment.mime)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name or attachment.filename)}"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def sound(attachment: Attachment) -> Response:
    """Serve a recording to be played where it is, with ranges for players. Ask the policy before."""
    answer = send_file(io.BytesIO(get(attachment.sha256)), mimetype=attachment.mime, etag=attachment.sha256, conditional=True,
                       download_name=attachment.filename)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def drop(token: str) -> None:
    """Delete a file that its owner no longer wants; its bytes go with it unless another file has the same."""
    found = db.session.scalars(select(Attachment).where(Attachment.token == token)).one_or_none()
    if found is not None:
        db.session.delete(found)
        jobs.publish("core.file_dropped", sha256=found.sha256)


@jobs.on("core.file_dropped")
def forget_bytes(sha256: str) -> None:
    """Delete bytes that nobody names any more."""
    if db.session.scalar(select(exists().where(Attachment.sha256 == sha256))):
        return
    db.session.execute(delete(Blob).where(Blob.sha256 == sha256))
    _erase(sha256)


def _erase(sha256: str) -> None:
    import obstore

    try:
        obstore.delete(_store(), f"{sha256[:2]}/{sha256}")
    except FileNotFoundError:
        return


@jobs.every("core.sweep_files", days=1, at=timedelta(hours=4))
def sweep() -> None:
    """Remove uploads that no form took within seven days, and bytes nobody names any more."""
    old = clock.now() - UNLINKED_FOR
    db.session.execute(delete(Attachment).where(Attachment.owner_id.is_(None), Attachment.created_at < old))
    orphans = db.session.scalars(select(Blob.sha256).where(
        Blob.created_at < old, Blob.sha256.not_in(select(Attachment.sha256)))).all()
    for sha256 in orphans:
        db.session.execute(delete(Blob).where(Blob.sha256 == sha256))
        _erase(sha256)
