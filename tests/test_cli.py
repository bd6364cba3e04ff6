"""The commands as a new user types them: what works, and what is said when it does not."""

from __future__ import annotations

import json
import os
import stat

import pytest

from groundswell.cli import main


@pytest.fixture
def run(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        said = capsys.readouterr()
        return int(stopped.value.code or 0), said.out, said.err

    return call


@pytest.fixture
def spam(run, tmp_path):
    assert run("new", "p", "--template", "spam")[0] == 0
    rows = [("win a free prize now, call 09061234567", 1), ("are you home for dinner?", 0)] * 20
    (tmp_path / "in.csv").write_text("text\n" + "".join(f'"{text} {i}"\n' for i, (text, _) in enumerate(rows)))
    assert run("collect", "in.csv", "-C", "p")[0] == 0
    return "p"


def one_line(err: str) -> bool:
    return err.startswith("error: ") and err.count("\n") == 1 and "Traceback" not in err


def test_the_road_by_hand(run, spam, tmp_path):
    config = tmp_path / "p" / "groundswell.toml"
    config.write_text(
        config.read_text()
        + '\n[[sources]]\nname = "my-prize"\ntype = "pattern"\npattern = "prize|free"\nanswer = "spam"\n'
        '[[sources]]\nname = "question"\ntype = "pattern"\npattern = "\\\\?"\nanswer = "ham"\n'
    )
    code, out, err = run("cast", "-C", "p")
    assert (code, err) == (0, "")
    assert "prize" in out
    code, out, _ = run("-C", "p", "--json")
    assert json.loads(out)["rules"] == 7
    code, out, _ = run("ask", "-C", "p", "-n", "3", "--json")
    assert len(json.loads(out)) == 3
    item = json.loads(out)[0]["item"]["id"]
    code, out, err = run("vote", item, "spam", "-C", "p")
    assert (code, err) == (0, "")
    assert "On disk" in out
    code, out, _ = run("believe", "-C", "p", "-o", "beliefs.csv")
    assert (tmp_path / "beliefs.csv").read_text().startswith("item,label,confidence,p_")
    assert run("audit", "-C", "p")[0] == 0
    assert run("release", "v1", "-C", "p")[0] == 0
    assert run("train", "v1", "-C", "p")[0] == 0
    code, out, _ = run("evaluate", "v1", "-C", "p")
    assert "right" in out
    assert run("watch", "-C", "p")[0] == 0
    assert run("report", "-C", "p")[0] == 0
    assert (tmp_path / "p" / "report.html").stat().st_size > 1000


def test_stateless_believe_and_train(run, tmp_path):
    (tmp_path / "votes.csv").write_text("item,source,label\n1,a,x\n1,b,x\n1,c,y\n2,a,y\n2,b,y\n2,c,y\n")
    assert run("believe", "votes.csv", "-o", "out.jsonl")[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["label"] for row in rows] == ["x", "y"]
    (tmp_path / "tax.csv").write_text("tax,emissions\n5,5\n10,4.3\n15,3.7\n25,2.9\n")
    _, out, _ = run("train", "tax.csv", "--target", "emissions", "--at", "tax=20", "--json")
    told = json.loads(out)
    assert told["w"]["tax"] == pytest.approx(-0.1, abs=0.01)
    assert told["b"] == pytest.approx(5.4, abs=0.05)
    assert told["prediction"] == pytest.approx(3.4, abs=0.1)
    run("train", "tax.csv", "--target", "emissions", "--picture", "line.svg", "--watch")
    assert (tmp_path / "line.svg").read_text().startswith("<svg")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("collect", "nowhere.csv", "-C", "p"), "nowhere.csv"),
        (("collect", "in.csv", "--text", "body", "-C", "p"), "body"),
        (("collect", "empty.csv", "-C", "p"), "empty"),
        (("collect", "binary.csv", "-C", "p"), "binary.csv"),
        (("vote", "0", "spam", "-C", "p"), "No item"),
        (("believe", "nowhere.csv"), "nowhere.csv"),
        (("believe", "in.csv"), "item"),
        (("believe", "-q", "nope", "-C", "p"), "nope"),
        (("believe", "--model", "nope", "-C", "p"), "nope"),
        (("ask", "--strategy", "margni", "-C", "p"), "margin"),
        (("train", "v9", "-C", "p"), "v9"),
        (("train", "in.csv", "--target", "nope"), "nope"),
        (("serve", "v9", "-C", "p"), "v9"),
        (("new", "p", "--template", "spam"), "already"),
        (("new", "q", "--template", "spma"), "spam"),
        (("new", "q"), "--template"),
        (("release", "../x", "-C", "p"), "release"),
        (("nonsense",), "nonsense"),
        (("status",), "status"),
    ],
)
def test_a_mistake_gets_one_clear_line_and_code_2(run, spam, tmp_path, arguments, says):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 40)
    code, _, err = run(*arguments)
    assert code == 2
    assert one_line(err), err
    assert says in err


def test_a_label_that_does_not_exist(run, spam):
    item = json.loads(run("ask", "-C", "p", "-n", "1", "--json")[1])[0]["item"]["id"]
    code, _, err = run("vote", item, "spma", "-C", "p")
    assert code == 2
    assert one_line(err)
    assert "Labels: " in err


def test_no_project_here(run):
    code, _, err = run()
    assert code == 2
    assert one_line(err)
    assert "groundswell new" in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(run, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    locked.chmod(stat.S_IRUSR | stat.S_IXUSR)
    code, _, err = run("new", "locked/p", "--template", "spam")
    assert code == 2
    assert one_line(err)


def test_a_port_in_use(run, spam):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, _, err = run("label", "-C", "p", "--port", str(port), "--no-browser")
    assert code == 2
    assert one_line(err)
    assert "in use" in err


def test_bad_rows_are_named_and_nothing_is_imported(run, spam, tmp_path):
    (tmp_path / "ragged.csv").write_text("text,n\na,1\nb,2,3\nc,4\n")
    code, _, err = run("collect", "ragged.csv", "-C", "p", "--text", "text")
    assert code == 2
    assert "row" in err
    assert json.loads(run("-C", "p", "--json")[1])["items"] == 40
    assert run("collect", "ragged.csv", "-C", "p", "--text", "text", "--skip-bad")[0] == 0
    assert json.loads(run("-C", "p", "--json")[1])["items"] == 42


def test_nothing_said_is_no_release(run, tmp_path):
    assert run("new", "p", "--template", "spam")[0] == 0
    config = tmp_path / "p" / "groundswell.toml"
    config.write_text(config.read_text().split("[[sources]]")[0])
    (tmp_path / "in.csv").write_text("text\none\ntwo\n")
    run("collect", "in.csv", "-C", "p")
    assert "guesses" in run("believe", "-C", "p")[1]
    code, _, err = run("release", "-C", "p")
    assert code == 2
    assert one_line(err)
    assert "Nobody has said anything" in err


def test_without_a_port_a_free_one_is_taken():
    import socket

    from groundswell.cli.serving import listen

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        usual = taken.getsockname()[1]
        with listen("127.0.0.1", None, usual) as bound:
            assert bound.getsockname()[1] != usual
