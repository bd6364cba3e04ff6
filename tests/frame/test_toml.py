"""groundswell.toml: what is written is read back, what a person wrote stays, faults are named by line and field."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundswell import frame
from groundswell.core.answers import answer_type
from groundswell.core.errors import InputError, NotFoundError, StorageError
from groundswell.core.frame import Frame
from groundswell.core.question import Example, Question
from groundswell.frame import ProjectConfig, load, parse, render, save, template_text
from groundswell.frame.lines import line_numbers

SPAM = Question("spam", answer_type("choice", {"labels": ["spam", "ham"]}), text="Is it spam?")
SOURCE = {"name": "prize", "type": "pattern", "pattern": r"\bprize|win\b", "answer": "spam"}

BAD = [
    ("name = spam\n", 1, "Not valid TOML: Invalid value", "A text stands in quotation marks"),
    ("name = 'a'\nname = 'b'\n", 2, "Not valid TOML: Cannot overwrite", "given twice"),
    ("[frame]\n[frame]\n", 2, "Not valid TOML: Cannot declare", "[[name]] begins another"),
    ("\n\n[frame\n", 3, "Not valid TOML", ""),
    ("x\n", 1, "Not valid TOML: Expected '='", "key = value"),
    ('[frame]\npurpose = "a\nb"\n', 2, "Not valid TOML: Illegal character", "three quotation marks"),
    ('[frame]\npurpose = "a\\d"\n', 2, "Not valid TOML: Unescaped", "backslash twice"),
    ('[frame]\npurpose = """a\n\n', 4, "Not valid TOML: Unterminated string", "Close"),
    ('name = "No Spaces"\n', 1, "name: 'No Spaces' cannot name a project", "Use 1 to 63"),
    ("nmae = 'x'\n", 1, "'nmae' is not a setting of this file", "Did you mean 'name'"),
    ("[frame]\n\npurpos = 'x'\n", 3, "'purpos' is not a setting of frame", "Did you mean 'purpose'"),
    ("[frame]\npurpose = 3\n", 2, "frame.purpose is a whole number, not a text", "For example"),
    ("[frame]\npurpose = 2020-01-01\n", 2, "frame.purpose is a date or time, not a text", ""),
    ("[frame]\nmetrics = 'F1'\n", 2, "frame.metrics is a text, not a list", "For example"),
    ("[frame]\nmetrics = ['F1',\n 3]\n", 2, "frame.metrics holds something that is not a text", ""),
    ("[frame]\ntask = 'clasification'\n", 2, "'clasification' is not a kind of task", "Known: binary"),
    ("frame = 'x'\n", 1, "frame is a text, not a table", ""),
    ("[questions.'A b']\nanswer = 'choice'\n", 1, "'A b' cannot name a question", "Use 1 to 63"),
    ("[questions.q]\ntext = 'x'\n", 1, "The question 'q' has no answer type", 'answer = "choice"'),
    ("[questions.q]\n\nanswer = 'choce'\n", 3, "No answer type 'choce'", "Did you mean 'choice'"),
    ("[questions.q]\nanswer = 'choice'\n", 2, "Labels must be a list of texts", 'labels = ["spam", "ham"]'),
    ("[questions.q]\nanswer = 'choice'\n# c\nlabels = ['a', 'a']\n", 4, "The label 'a' is given twice", ""),
    (
        "[questions.q]\nanswer = 'choice'\nlabels = ['a', 'b']\nordred = true\n",
        4,
        "'ordred' is not a setting",
        "'ordered'",
    ),
    (
        "[questions.q]\nanswer = 'choice'\nlabels = ['a', 'b']\nordered = 'yes'\n",
        4,
        "not true or false",
        "ordered = true",
    ),
    ("[questions.q]\nanswer = 'choice'\nlabels = ['a', 'b']\nminimum = 1\n", 4, "'minimum' is not a setting", ""),
    ("[questions.q]\nanswer = 'number'\nminimum = 5\nmaximum = 1\n", 3, "is not below the maximum", ""),
    ("[questions.q]\nanswer = 'number'\nminimum = nan\n", 3, "must be a finite number", ""),
    ("[questions.q]\nanswer = 'text'\nlongest = -1\n", 3, "longest = -1", ""),
    ("[questions.q]\nanswer = 'text'\noverlap = 0\n", 3, "questions.q.overlap: overlap = 0", "Between 1 and 1000"),
    ("[questions.q]\nanswer = 'text'\noverlap = true\n", 3, "is true or false, not a whole number", ""),
    ("[questions.q]\nanswer = 'text'\nsuggestions = 'maybe'\n", 3, "suggestions = 'maybe'", "off, on request"),
    (
        "[questions.q]\nanswer = 'choice'\nlabels = ['a', 'b']\n\n[[questions.q.examples]]\ntext = 'x'\nanswer = 'a'\n"
        "\n[[questions.q.examples]]\ntext = 'y'\nanswer = 'c'\n",
        11,
        "questions.q.examples[2].answer: 'c' is not a label",
        "Labels: a, b",
    ),
    (
        "[questions.q]\nanswer = 'text'\n[[questions.q.examples]]\ntext = 'x'\n",
        3,
        "questions.q.examples[1] lacks its answer",
        "",
    ),
    ("[questions.q]\nanswer = 'text'\nexamples = ['x']\n", 3, "examples[1] is a text, not a table", ""),
    ("[[sources]]\nname = 'p'\n", 1, "sources[1] lacks its type", "pattern"),
    ("[sources]\nname = 'p'\n", 1, "sources is a table, not a list", ""),
    ("sources = ['p']\n", 1, "sources[1] is a text, not a table", "[[sources]]"),
    ("[questions.q]\nanswer = 'text'\n[[sources]]\ntype = 'pattern'\nname = 'A'\n", 5, "'A' cannot name a source", ""),
    (
        "[questions.q]\nanswer = 'text'\n[[sources]]\ntype = 'pattern'\nname = 'p'\nquestion = 'qq'\n",
        6,
        "No question 'qq'",
        "Did you mean 'q'",
    ),
    (
        "[questions.q]\nanswer = 'text'\n[[sources]]\nname = 'p'\ntype = 'x'\n[[sources]]\ntype = 'x'\nname = 'p'\n",
        8,
        "Two sources are called 'p'",
        "Rename",
    ),
    (
        "[questions.q]\nanswer = 'text'\n[[sources]]\nname = 'p'\ntype = 'x'\nsince = 2020-01-01\n",
        4,
        "Not a JSON value",
        "",
    ),
    ("a = " + "[" * 20_000, None, "", ""),
    ("name = " + "9" * 5_000 + "\n", None, "Not valid TOML", ""),
]


@pytest.mark.parametrize("text, line, message, hint", BAD, ids=[text[:40] for text, *_ in BAD])
def test_a_fault_names_line_and_field(tmp_path, text, line, message, hint):
    path = tmp_path / "groundswell.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    said = str(caught.value)
    assert message in said
    assert hint in said
    assert "\n" not in said
    assert len(said) < 400
    if line is not None:
        assert said.startswith(f"{path}, line {line}: ")


def test_a_file_that_is_none(tmp_path):
    with pytest.raises(NotFoundError, match="groundswell new"):
        load(tmp_path / "groundswell.toml")
    with pytest.raises(InputError, match="Cannot be read"):
        load(tmp_path)
    (tmp_path / "a.toml").write_bytes(b"name = 'x'\n# caf\xe9\n")
    with pytest.raises(InputError, match=r"line 2: Not UTF-8"):
        load(tmp_path / "a.toml")
    (tmp_path / "b.toml").write_bytes(b"#" * 6_000_000)
    with pytest.raises(InputError, match="6,000,000 bytes"):
        load(tmp_path / "b.toml")


def test_odd_but_valid_files():
    assert parse("") == ProjectConfig()
    assert parse("name = 'x'\r\n[frame]\r\npurpose = '''\r\na\r\nb'''\r\n").frame.purpose == "a\nb"
    dotted = parse("questions.q.answer = 'text'\n'frame'.\"purpose\" = 'p'\n")
    assert (dotted.questions[0].name, dotted.frame.purpose) == ("q", "p")


def test_what_looks_like_code_is_text(monkeypatch):
    monkeypatch.setenv("SECRET", "leaked")
    found = parse("[frame]\npurpose = '{{7*7}} $SECRET ${SECRET} %(x)s {0}'\n")
    assert found.frame.purpose == "{{7*7}} $SECRET ${SECRET} %(x)s {0}"
    assert "leaked" not in render(found)


def test_bom_is_skipped(tmp_path):
    (tmp_path / "x.toml").write_bytes("\ufeffname = 'x'\n".encode())
    assert load(tmp_path / "x.toml").name == "x"


def test_line_numbers_see_through_texts_lists_and_comments():
    text = (
        '# a = 1\nname = "x # not a comment"\n[frame] # c\npurpose = """\n[not.a.table]\nkey = 1\n"""\n'
        "metrics = [\n  'a', # ]\n  'b',\n]\nlast = '''it's'''\n[questions.q]\nanswer = 'text'\n"
        "[[questions.q.examples]]\ntext = 'x'\n[[questions.q.examples]]\n'te xt'.b = \"a\\\"]\"\n"
    )
    assert line_numbers(text) == {
        ("name",): 2,
        ("frame",): 3,
        ("frame", "purpose"): 4,
        ("frame", "metrics"): 8,
        ("frame", "last"): 12,
        ("questions", "q"): 13,
        ("questions", "q", "answer"): 14,
        ("questions", "q", "examples", 0): 15,
        ("questions", "q", "examples", 0, "text"): 16,
        ("questions", "q", "examples", 1): 17,
        ("questions", "q", "examples", 1, "te xt", "b"): 18,
    }


TEXTS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\r"), max_size=300
).map(str.strip)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,20}", fullmatch=True)
LABEL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40).map(str.strip)
LABELS = st.lists(LABEL.filter(bool), min_size=2, max_size=5, unique=True)


@st.composite
def questions(draw):
    labels = draw(LABELS)
    kind = draw(st.sampled_from(["choice", "choices", "number", "text", "boxes", "spans"]))
    config = {
        "choice": {"labels": labels, "ordered": draw(st.booleans())},
        "number": {"minimum": 0.0, "maximum": draw(st.sampled_from([1.0, 10.5]))},
        "text": {"longest": 500},
    }.get(kind, {"labels": labels})
    answers = {
        "choice": labels[0],
        "choices": labels[:1],
        "number": 0.5,
        "text": "an answer",
        "boxes": [{"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.5, "label": labels[1]}],
        "spans": [{"start": 1, "end": 4, "label": labels[0]}],
    }
    examples = [Example(draw(TEXTS), answers[kind], draw(TEXTS)) for _ in range(draw(st.integers(0, 2)))]
    return Question(
        draw(NAMES), answer_type(kind, config), draw(TEXTS), draw(TEXTS), tuple(examples),
        draw(st.sampled_from(["off", "on request", "pre-filled"])), draw(st.integers(1, 5)),
    )  # fmt: skip


@st.composite
def configs(draw):
    frame_ = Frame(
        draw(TEXTS), predicted=draw(TEXTS), task=draw(st.sampled_from(["", "binary"])), success=draw(TEXTS),
        metrics=tuple(draw(st.lists(TEXTS, max_size=3))), hypotheses=tuple(draw(st.lists(TEXTS, max_size=3))),
        override=draw(TEXTS), warnings=tuple(draw(st.lists(TEXTS, max_size=2))),
    )  # fmt: skip
    asked = draw(st.lists(questions(), max_size=3, unique_by=lambda q: q.name))
    names = draw(st.lists(NAMES, max_size=3, unique=True)) if asked else []
    sources = [
        {"name": name, "type": "lookup", "values": draw(st.lists(TEXTS, max_size=3)), "words": draw(st.booleans()),
         "answer": draw(TEXTS), "mapping": draw(st.dictionaries(TEXTS, TEXTS, max_size=2)), "trust": 0.5, "cost": 2}
        for name in names
    ]  # fmt: skip
    return ProjectConfig(draw(NAMES), frame_, tuple(asked), tuple(sources))


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(configs(), configs())
def test_whatever_is_written_is_read_back_also_over_another_file(first, second):
    text = render(first)
    assert parse(text) == first
    assert render(first, text) == text
    over = render(replace(second, name=second.name or "x"), text)
    assert parse(over) == second


@pytest.mark.parametrize("name", frame.TEMPLATES)
def test_a_saved_template_is_its_file_with_another_name(tmp_path, name):
    path = tmp_path / "groundswell.toml"
    save(path, replace(frame.template(name), name="mine"))
    text = path.read_text(encoding="utf-8")
    assert text == template_text(name).replace(f'name = "{name}"', 'name = "mine"', 1)
    assert load(path) == replace(frame.template(name), name="mine")
    save(path, load(path))
    assert path.read_text(encoding="utf-8") == text


def test_comments_order_and_layout_of_a_person_stay(tmp_path):
    path = tmp_path / "groundswell.toml"
    mine = """# My own words.
name   =   "mine"   # my name

[frame]
success = 'all'  # of them
purpose = "old" # why

[questions.spam]   # the question
labels = [ "spam",   # bad
  "ham" ]
answer = "choice"
text = "Is it spam?"

# the first rule
[[sources]]
name = "prize"
type = "pattern"
pattern = '\\bprize|win\\b'  # prizes
answer = "spam"
"""
    path.write_text(mine, encoding="utf-8")
    config = load(path)
    assert config.questions == (SPAM,)
    assert config.sources == (SOURCE,)
    save(path, config)
    assert path.read_text(encoding="utf-8") == mine
    changed = replace(
        config,
        frame=replace(config.frame, purpose="new", override="because"),
        sources=({**SOURCE, "answer": "ham"}, {"name": "second", "type": "search", "query": "a", "answer": "ham"}),
    )
    save(path, changed)
    text = path.read_text(encoding="utf-8")
    assert load(path) == changed
    for kept in ("# My own words.", '"mine"   # my name', "'all'  # of them", "# why", "# the question", "# bad",
                 "# the first rule", "# prizes"):  # fmt: skip
        assert kept in text
    assert text.index("success") < text.index("purpose")
    save(path, replace(config, questions=(), sources=()))
    assert load(path).sources == ()


def test_new_questions_and_sources_go_where_they_can_be_read(tmp_path):
    path = tmp_path / "groundswell.toml"
    save(path, ProjectConfig("p"))
    save(path, ProjectConfig("p", questions=(SPAM,), sources=(SOURCE,)))
    text = path.read_text(encoding="utf-8")
    assert "[questions.spam]\n" in text
    assert "[[sources]]\n" in text
    assert load(path).questions == (SPAM,)
    other = replace(SPAM, name="other", instructions='Line one.\nLine two, with """ and \\ in it.')
    save(path, ProjectConfig("p", questions=(SPAM, other), sources=(SOURCE,)))
    assert load(path).questions == (SPAM, other)
    assert "Line one.\nLine two" in path.read_text(encoding="utf-8")


def test_long_texts_are_wrapped_and_short_enough_to_read():
    purpose = "word " * 100
    text = render(ProjectConfig("p", Frame(purpose.strip())))
    assert max(map(len, text.splitlines())) <= 120
    assert parse(text).frame.purpose == purpose.strip()


def test_a_broken_file_is_not_overwritten(tmp_path):
    path = tmp_path / "groundswell.toml"
    path.write_text("name = \n")
    with pytest.raises(InputError, match="line 1"):
        save(path, ProjectConfig("p"))
    assert path.read_text() == "name = \n"


def test_saving_keeps_the_mode_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "groundswell.toml"
    save(path, ProjectConfig("p"))
    path.chmod(0o600)
    save(path, ProjectConfig("q"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["groundswell.toml"]


def test_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(StorageError, match="Cannot be written"):
        save(tmp_path / "no" / "groundswell.toml", ProjectConfig("p"))


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="Permission denied"):
        save(tmp_path / "groundswell.toml", ProjectConfig("p"))
    tmp_path.chmod(0o700)
