"""Attacks: foreign pages, names, redirects, forged sessions, secrets. Each has a control, a careless variant."""

from __future__ import annotations

import json
import logging
import stat
import time

import pytest
from fastapi import FastAPI
from fastapi.responses import RedirectResponse
from uvicorn.protocols.utils import get_path_with_query_string

from groundswell.app import Access, create
from groundswell.app import access as access_module
from groundswell.app.access import Session, project_secret
from groundswell.app.problems import local_path
from groundswell.core.errors import StorageError

FOREIGN = (
    {"origin": "https://evil.com", "sec-fetch-site": "cross-site"},
    {"origin": "null"},
    {"origin": "null", "sec-fetch-site": "same-origin"},
    {"origin": "http://127.0.0.1:9999", "sec-fetch-site": "same-site"},
    {"origin": "http://127.0.0.1:9999"},
    {"sec-fetch-site": "none"},
    {"origin": "http://127.0.0.1:8765.evil.com"},
    {"origin": "file://"},
    {},
)


def bare(app):
    """The same routes without the shield."""
    careless = FastAPI()
    careless.state = app.state
    careless.router = app.router

    async def anybody(scope, receive, send):
        scope["groundswell.session"] = Session("ada", owner=True)
        await careless(scope, receive, send)

    return anybody


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_c1_requests_from_elsewhere_change_nothing(headers, owner, project, make_ballot):
    body = make_ballot(owner)
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        sent = owner.post(
            "/api/questions/spam/votes", content=json.dumps(body), headers={**headers, "content-type": kind}
        )
        assert sent.status_code == 403
    assert project.votes == {}


def test_c1_form_encoded_json_is_refused_even_from_here(owner, project, make_ballot, page_headers):
    body = json.dumps(make_ballot(owner))
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        sent = owner.post("/api/questions/spam/votes", content=body, headers={**page_headers, "content-type": kind})
        assert sent.status_code == 415
    assert project.votes == {}


def test_c1_control_without_the_shield_it_works(app, owner, project, make_ballot, stranger):
    sent = type(stranger)(bare(app)).post("/api/questions/spam/votes", json=make_ballot(owner), headers=FOREIGN[0])
    assert sent.status_code == 200
    assert len(project.votes) == 1


@pytest.mark.parametrize(
    "host", ["evil.com", "evil.com:8765", "localhost.evil.com", "127.0.0.1.nip.io", "", "[::1", "0x7f.1"]
)
def test_c2_the_server_answers_to_no_foreign_name(host, owner):
    assert owner.get("/api/project", headers={"host": host}).status_code == 400
    assert owner.get("/", headers={"host": host}).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1:1", "[::1]:8765", "10.0.0.7"])
def test_c2_it_answers_to_its_own(host, owner):
    assert owner.get("/api/project", headers={"host": host}).status_code == 200


def test_c2_other_names_are_allowed_by_name(project, access, enter):
    client = enter(access, create(project, access=access, hosts=["Label.example.org"]))
    assert client.get("/api/project", headers={"host": "label.example.org"}).status_code == 200
    assert client.get("/api/project", headers={"host": "x.example.org"}).status_code == 400


def test_c2_a_foreign_page_is_told_nothing(owner):
    response = owner.get("/api/project", headers={"origin": "https://evil.com"})
    assert not [name for name in response.headers if name.startswith("access-control")]
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert owner.options("/api/project", headers={"origin": "https://evil.com"}).status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/label", "/assets/index-abc123.js", "/api/project", "/media/" + "0" * 64 + ".png"]
)
def test_c2_nothing_is_served_without_the_token(path, stranger):
    response = stranger.get(path)
    assert response.status_code == 401
    assert "terminal" in response.text
    assert "set-cookie" not in response.headers


def test_c2_control_without_the_shield_everybody_reads(app, stranger):
    careless = type(stranger)(bare(app))
    assert careless.get("/api/project", headers={"host": "evil.com"}).status_code == 200


def test_c2_a_link_on_a_foreign_page_still_opens_a_session(stranger, access):
    """Browsers withhold strict cookies from redirects that a foreign page began, so a page goes on by itself."""
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    entered = stranger.get("/?token=the-token", headers=headers)
    assert entered.status_code == 200
    assert 'http-equiv="refresh" content="0;url=/"' in entered.text
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    bounced = type(stranger)(stranger.app, base_url=str(stranger.base_url)).get("/audit", headers=headers)
    assert 'content="0;url=/audit"' in bounced.text


NEXT = (
    "//evil.com",
    "///evil.com",
    "/\\evil.com",
    "https:evil.com",
    "https://evil.com",
    "/%09/evil.com",
    "\t//evil.com",
    "/label//evil.com",
    "/\n/evil.com",
    "javascript:alert(1)",
    "/.//evil.com",
    "/a\\b",
    "",
)


@pytest.mark.parametrize("target", NEXT)
def test_c3_no_open_redirect(target, stranger):
    response = stranger.get("/", params={"token": "the-token", "next": target}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/"
    assert local_path(target) == "/"


def test_c3_own_pages_are_fine(stranger):
    response = stranger.get("/?token=the-token&next=/label", follow_redirects=False)
    assert response.headers["location"] == "/label"


def test_c3_control_the_careless_redirect_leaves(stranger):
    careless = FastAPI()
    careless.add_api_route("/", lambda next: RedirectResponse(next), response_class=RedirectResponse)
    response = type(stranger)(careless).get("/", params={"next": "//evil.com"}, follow_redirects=False)
    assert response.headers["location"] == "//evil.com"


def test_c4_a_cookie_signed_with_another_secret_is_worth_nothing(app, access, stranger):
    published = Access(secret=b"change-me-change-me-change-me-ch", owner="ada")
    forged = published.cookie(Session("ada", owner=True))
    for cookie in (
        forged,
        forged.split(".")[0],
        "",
        ".",
        "a.b.c",
        "é",
        "=" * 5000,
        access.cookie(Session("ada", True))[:-2],
    ):
        stranger.cookies.clear()
        headers = {"cookie": f"{access.cookie_name}={cookie}".encode()}
        assert stranger.get("/api/project", headers=headers).status_code == 401
    assert published.session(forged) == Session("ada", owner=True)  # control: with the secret known, it opens


def test_c4_a_session_ends(access, monkeypatch):
    cookie = access.cookie(Session("ben", owner=False))
    assert access.session(cookie) == Session("ben", owner=False)
    later = time.time() + 31 * 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert access.session(cookie) is None


def test_c4_the_secret_is_random_private_and_stays(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir(), two.mkdir()
    secret = project_secret(one)
    assert len(secret) == 32
    assert project_secret(one) == secret
    assert project_secret(two) != secret
    assert stat.S_IMODE((one / "secret.key").stat().st_mode) == 0o600


def test_c4_a_secret_that_others_could_read_is_made_anew(tmp_path, caplog):
    old = project_secret(tmp_path)
    file = tmp_path / "secret.key"
    file.chmod(0o644)
    new = project_secret(tmp_path)
    assert new != old
    assert file.read_bytes() == new
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "open to others" in caplog.text


def test_c4_without_permissions_the_secret_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(access_module, "_open_to_others", lambda file: True)
    assert project_secret(tmp_path) != project_secret(tmp_path)
    assert not (tmp_path / "secret.key").exists()


def test_c4_a_half_written_secret_is_made_anew(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"half")
    assert len(project_secret(tmp_path)) == 32
    with pytest.raises(StorageError, match="cannot be kept"):
        project_secret(tmp_path / "gone")


def test_c4_every_start_has_its_own_token():
    assert Access().token != Access().token
    assert len(Access().token) >= 40


def test_c7_neither_tokens_nor_cookies_are_logged(app, access, enter, project, caplog):
    caplog.set_level(logging.DEBUG)
    client = enter(access, app, raise_server_exceptions=False)
    ben = enter(access, app, person="ben")
    project.status = None  # a mistake of ours: the route fails
    assert client.get("/api/project?token=the-token").status_code == 500
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("groundswell"))
    assert "/api/project 500" in ours
    for secret in (
        "the-token",
        client.cookies[access.cookie_name],
        ben.cookies[access.cookie_name],
        access.query("ben"),
    ):
        assert secret not in ours


def test_c7_control_the_servers_own_access_log_would_tell():
    scope = {"path": "/", "query_string": b"token=the-token"}
    assert "the-token" in get_path_with_query_string(scope)
