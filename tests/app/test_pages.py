"""The built page, and what stands there when it is not built."""

from __future__ import annotations

import gzip

from groundswell.app import create


def test_the_page_is_served_for_every_address_of_its_own(owner):
    page = owner.get("/")
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["cache-control"] == "no-store"
    for path in ("/label", "/rules/prize", "/beliefs?order=sure"):
        assert owner.get(path).text == page.text


def test_hashed_files_are_kept_for_ever_and_others_are_asked_for_again(owner):
    script = owner.get("/assets/index-abc123.js")
    assert script.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    icon = owner.get("/icon.svg")
    assert icon.headers["cache-control"] == "no-cache"
    again = owner.get("/icon.svg", headers={"if-none-match": icon.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_files_are_sent_compressed_to_those_who_can_read_it(owner):
    with owner.stream("GET", "/assets/index-abc123.js", headers={"accept-encoding": "br, gzip"}) as response:
        raw = b"".join(response.iter_raw())
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["vary"] == "accept-encoding"
    plain = owner.get("/assets/index-abc123.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 10


def test_a_missing_file_is_not_the_page(owner):
    for path in ("/assets/gone-123.js", "/favicon.ico", "/assets/index-abc123.js/x.css"):
        assert owner.get(path).status_code == 404


def test_an_unknown_address_of_the_api_is_not_the_page(owner):
    for path in ("/api", "/api/", "/api/projects", "/media/x"):
        response = owner.get(path)
        assert response.status_code == 404
        assert set(response.json()) == {"what", "where", "hint"}


def test_without_a_built_page_it_says_so_and_the_api_works(project, access, enter, tmp_path):
    client = enter(access, create(project, access=access, static=tmp_path / "nowhere"))
    response = client.get("/")
    assert response.status_code == 503
    assert "The page is not built" in response.text
    assert client.get("/api/project").status_code == 200


def test_a_picture_is_shown(owner, images):
    name = f"{'2' * 64}.webp"
    (images / name).write_bytes(b"RIFF\x00\x00\x00\x00WEBPVP8 ")
    response = owner.get(f"/media/{name}")
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["content-disposition"].startswith("inline")
    assert response.headers["cache-control"].endswith("immutable")
    assert owner.get(f"/media/{'3' * 64}.webp").status_code == 404
