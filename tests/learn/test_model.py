"""Models explain themselves, and survive the disk but not tampering."""

from __future__ import annotations

import json
import pickle
import zipfile

import numpy as np
import polars as pl
import pytest

from groundswell import learn
from groundswell.core.errors import ConflictError, InputError, NotFoundError, StorageError


@pytest.fixture
def spam_model(messages):
    return learn.train(messages, "answer", columns=["text", "network"])


def test_contributions_and_bias_add_up_to_the_log_odds(spam_model, messages):
    told = spam_model.explain(messages[:10], label="spam", top=None)
    p = spam_model.predict_proba(messages[:10])
    for row, (ham, spam) in zip(told, p, strict=True):
        total = sum(value for _, value in row) + spam_model.bias("spam")
        assert total == pytest.approx(np.log(spam / ham), abs=1e-6)


def test_explains_the_predicted_label_strongest_first(spam_model):
    row = spam_model.explain(pl.DataFrame({"text": ["win a free prize now"], "network": ["a"]}))[0]
    assert {"win", "free", "prize"} & {name for name, value in row[:5] if value > 0}
    sizes = [abs(value) for _, value in row]
    assert sizes == sorted(sizes, reverse=True)
    assert len(row) <= 10


def test_weights_are_readable(spam_model):
    table = spam_model.weights(top=30)
    assert table.columns == ["label", "feature", "weight"]
    assert table["label"].unique().to_list() == ["spam"]
    strong = dict(table.select("feature", "weight").iter_rows())
    assert any(strong.get(word, 0) > 0 for word in ("free", "win", "cash", "claim", "now"))


def test_several_labels_each_have_their_weights():
    frame = pl.DataFrame({"x": [0.0, 1, 2] * 10, "y": ["a", "b", "c"] * 10})
    model = learn.train(frame, "y")
    assert model.weights()["label"].unique().sort().to_list() == ["a", "b", "c"]
    told = model.explain(frame[:3], label="c", top=None)
    z = np.log(model.predict_proba(frame[:3]))
    for i, row in enumerate(told):
        total = sum(value for _, value in row) + model.bias("c")
        assert total == pytest.approx(z[i, 2] - z[i, :2].mean(), abs=1e-6)


def test_a_number_is_explained_in_its_own_unit(houses):
    model = learn.train(houses, "price", kind="regression")
    row = dict(model.explain(houses[:1], top=None)[0])
    assert sum(row.values()) + model.bias() == pytest.approx(model.predict(houses[:1]).item())


def test_unknown_labels_and_missing_columns_are_named(spam_model, messages):
    with pytest.raises(InputError, match="Did you mean 'spam'"):
        spam_model.explain(messages[:1], label="spm")
    with pytest.raises(InputError, match="No column 'text'"):
        spam_model.predict(messages.drop("text"))


def test_numbers_have_no_probabilities(houses):
    with pytest.raises(InputError, match="Use predict"):
        learn.train(houses, "price", kind="regression").predict_proba(houses)


def test_predictions_as_a_table(spam_model, messages):
    table = spam_model.predict_frame(messages)
    assert table.columns == ["label", "confidence", "p_ham", "p_spam"]
    np.testing.assert_allclose(table["p_ham"] + table["p_spam"], 1.0)


def test_the_card_is_json_and_says_what_it_learned_from(spam_model):
    card = json.loads(json.dumps(spam_model.card(), allow_nan=False))
    assert card["rows"] == 200
    assert card["balance"] == {"ham": 0.7, "spam": 0.3}
    assert card["columns"] == ["text", "network"]
    assert card["strongest"]


@pytest.mark.parametrize("model", list(learn.MODELS))
def test_saved_and_loaded_models_predict_the_same(messages, houses, model, tmp_path):
    kind = learn.MODELS[model].kinds[0]
    frame, target = (messages, "answer") if kind == "classification" else (houses, "price")
    made = learn.train(frame, target, kind=kind, model=model)
    made.save(tmp_path / "m")
    back = learn.load(tmp_path / "m")
    assert back.predict(frame).to_list() == made.predict(frame).to_list()
    assert back.card() == made.card()
    assert back.explain(frame[:2]) == made.explain(frame[:2])


def test_labels_keep_their_type_on_disk(tmp_path):
    frame = pl.DataFrame({"x": [0.0, 5.0] * 10, "y": [True, False] * 10})
    learn.train(frame, "y").save(tmp_path / "m")
    assert learn.load(tmp_path / "m").labels == (False, True)


def test_empty_categories_survive_the_disk(tmp_path):
    frame = pl.DataFrame({"x": ["", "b", ""] * 10, "y": ["s", "t", "s"] * 10})
    learn.train(frame, "y").save(tmp_path / "m")
    assert learn.load(tmp_path / "m").predict(frame).to_list() == ["s", "t", "s"] * 10


def test_nothing_is_overwritten_unasked(spam_model, tmp_path):
    spam_model.save(tmp_path)
    with pytest.raises(ConflictError):
        spam_model.save(tmp_path)
    spam_model.save(tmp_path, overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["arrays.npz", "model.json"]


def test_a_place_that_cannot_be_written_is_named(spam_model, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="cannot be written"):
        spam_model.save(tmp_path / "file" / "m")


def test_no_model_there(tmp_path):
    with pytest.raises(NotFoundError, match=r"model\.json is missing"):
        learn.load(tmp_path)


def _saved(model, folder):
    model.save(folder)
    return folder / "model.json", folder / "arrays.npz"


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"{", b"[]", b"null", b'{"format": "x"}', b"[" * 100_000, b'{"format": NaN}', b'"\xed\xa0\x80"'],
)
def test_a_damaged_document_is_one_clear_line(spam_model, tmp_path, content):
    document, _ = _saved(spam_model, tmp_path / "m")
    document.write_bytes(content)
    with pytest.raises(InputError) as caught:
        learn.load(tmp_path / "m")
    assert "\n" not in str(caught.value)


def _rewrite(document, change):
    told = json.loads(document.read_text())
    change(told)
    document.write_text(json.dumps(told))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(version=99),
        lambda d: d.update(model="evil"),
        lambda d: d.update(settings={"__class__": 1}),
        lambda d: d.update(labels=["only one"]),
        lambda d: d.update(labels=["a", "a"]),
        lambda d: d.update(labels=[["a"], ["b"]]),
        lambda d: d.update(labels=7),
        lambda d: d.update(labels=["a", 1]),
        lambda d: d.update(labels=[1, 10**400]),
        lambda d: d.update(labels=["a", "\ud800"]),
        lambda d: d["features"]["texts"][0].update(pairs=False),
        lambda d: d["features"]["texts"][0].update(letters=0),
        lambda d: d["features"]["texts"][0]["vocabulary"]["grams"].__setitem__(0, ""),
        lambda d: d["features"]["texts"][0]["vocabulary"]["pairs"].__setitem__(0, "\ud800"),
        lambda d: d["features"]["table"].update(numbers=[None]),
        lambda d: d["features"]["table"]["categories"].update(network=[[]]),
        lambda d: d.update(kind="regression"),
        lambda d: d.update(kind=None),
        lambda d: d.pop("features"),
        lambda d: d.update(features=[]),
        lambda d: d["features"]["texts"][0]["vocabulary"]["words"].pop(),
        lambda d: d["features"]["texts"][0]["vocabulary"].update(words=[1, 2]),
        lambda d: d["features"]["texts"][0].update(column="../../etc"),
        lambda d: d["features"].update(texts=[]),
        lambda d: d["features"]["table"].update(numbers=["x"]),
        lambda d: d["features"]["table"].update(categories={"network": ["a"]}),
        lambda d: d.update(facts=3),
        lambda d: d.update(arrays_sha256="0" * 64),
    ],
)
def test_tampered_parts_are_refused_or_harmless(spam_model, messages, tmp_path, change):
    document, _ = _saved(spam_model, tmp_path / "m")
    _rewrite(document, change)
    with pytest.raises(InputError) as caught:
        learn.load(tmp_path / "m").predict(messages)
    assert "\n" not in str(caught.value)


def _replace_arrays(document, arrays, content):
    import hashlib

    arrays.write_bytes(content)
    _rewrite(document, lambda d: d.update(arrays_sha256=hashlib.sha256(content).hexdigest()))


class _Bomb:
    def __reduce__(self):
        return (print, ("pickle was run",))


def test_pickled_arrays_are_never_run(spam_model, tmp_path, capsys):
    document, arrays = _saved(spam_model, tmp_path / "m")
    evil = tmp_path / "evil.npz"
    np.savez(evil, weights=np.array([_Bomb()], dtype=object), bias=np.zeros(2))
    _replace_arrays(document, arrays, evil.read_bytes())
    with pytest.raises(InputError, match="damaged"):
        learn.load(tmp_path / "m")
    _replace_arrays(document, arrays, pickle.dumps(_Bomb()))
    with pytest.raises(InputError, match="damaged"):
        learn.load(tmp_path / "m")
    assert capsys.readouterr().out == ""
    with np.load(evil, allow_pickle=True) as loaded:  # the control: this is what must not happen
        _ = loaded["weights"]
    assert "pickle was run" in capsys.readouterr().out


def test_an_archive_that_claims_too_much_is_refused_before_it_is_unpacked(spam_model, tmp_path, monkeypatch):
    document, arrays = _saved(spam_model, tmp_path / "m")
    bomb = tmp_path / "bomb.npz"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("weights.npy", b"\0" * (8 * 2**20))
    monkeypatch.setattr("groundswell.learn.saving.LARGEST_ARRAYS", 4 * 2**20)
    _replace_arrays(document, arrays, bomb.read_bytes())
    with pytest.raises(InputError, match="not fit in memory"):
        learn.load(tmp_path / "m")


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_are_refused(spam_model, tmp_path, bad):
    document, arrays = _saved(spam_model, tmp_path / "m")
    with np.load(arrays) as loaded:
        parts = dict(loaded)
    parts["weights"][0, 0] = bad
    np.savez(tmp_path / "x.npz", **parts)
    _replace_arrays(document, arrays, (tmp_path / "x.npz").read_bytes())
    with pytest.raises(InputError, match="finite"):
        learn.load(tmp_path / "m")


def test_a_file_that_is_too_large_is_refused(spam_model, tmp_path, monkeypatch):
    _saved(spam_model, tmp_path / "m")
    monkeypatch.setattr("groundswell.learn.saving.LARGEST_JSON", 10)
    with pytest.raises(InputError, match="Larger than"):
        learn.load(tmp_path / "m")
