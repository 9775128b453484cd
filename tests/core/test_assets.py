"""Style and scripts travel compressed once the installation is prepared, and are the same files."""
import brotli
import pytest

from jetlms.app import STATIC, create_app
from jetlms.core import assets


@pytest.fixture
def page_of(tmp_path):
    def get(encoding):
        client = create_app(tmp_path, DEMO=True).test_client()
        return client.get(f"/static/{assets.tree_digest(STATIC)}/app.css", headers={"Accept-Encoding": encoding})
    return get


def test_a_prepared_installation_sends_it_compressed(page_of, tmp_path):
    assets.pack(STATIC, tmp_path)
    answer = page_of("br, gzip")
    assert answer.headers["Content-Encoding"] == "br"
    assert brotli.decompress(answer.data) == (STATIC / "app.css").read_bytes()
    assert "immutable" in answer.headers["Cache-Control"]
    assert page_of("identity").data == (STATIC / "app.css").read_bytes()


def test_without_it_the_sources_are_served(page_of):
    answer = page_of("br, gzip")
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "app.css").read_bytes()


def test_a_newer_version_replaces_the_packed_one(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "a.css").write_text("a {}" * 200)
    assets.pack(tmp_path / "source", tmp_path)
    first = assets.packed(tmp_path / "source", tmp_path)
    (tmp_path / "source" / "a.css").write_text("b {}" * 200)
    assets.tree_digest.cache_clear()
    assets.pack(tmp_path / "source", tmp_path)
    assert not first.exists()
    assert (assets.packed(tmp_path / "source", tmp_path) / "a.css.br").exists()
