"""Texts and tables become numbers, whatever is in them."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from groundswell.core.errors import InputError
from groundswell.learn.features import Features, TableFeatures, TextFeatures, choose_columns
from groundswell.learn.features.tokens import grams_of, tokenize


def _words(texts):
    found = tokenize(pl.Series(texts))
    return [[found.words[c] for c, r in zip(found.code, found.row, strict=True) if r == i] for i in range(len(texts))]


def test_words_keep_apostrophes_and_split_numbers_and_signs():
    assert _words(["Don't PAY £1,500!", "naïve café", "你好 мир", "a\ufeffb\x00c"]) == [
        ["don't", "pay", "£", "1", ",", "500", "!"],
        ["naïve", "café"],
        ["你好", "мир"],
        ["a", "b", "c"],
    ]


def test_missing_and_empty_texts_have_no_words():
    assert _words([None, "", "   ", "x"]) == [[], [], [], ["x"]]


def test_word_part_agrees_with_scikit_learn():
    texts = ["call me now now", "call you later", "me and you", "now or later later later"]
    ours = TextFeatures(letters=False, pairs=False, style=False).fit(pl.Series(texts))
    theirs = TfidfVectorizer(sublinear_tf=True, token_pattern=r"\w+")
    expected = theirs.fit_transform(texts).toarray()
    assert ours.names == theirs.get_feature_names_out().tolist()
    np.testing.assert_allclose(ours.transform(pl.Series(texts)).toarray(), expected, rtol=1e-12)


def test_letter_part_agrees_with_scikit_learn():
    texts = ["free frees fr33", "a free ride", "ride on"]
    ours = TextFeatures(pairs=False, style=False).fit(pl.Series(texts))
    theirs = TfidfVectorizer(sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5))
    expected = theirs.fit_transform([" ".join(words) for words in _words(texts)]).toarray()
    order = np.argsort([theirs.vocabulary_[gram] for gram in ours.grams_])
    np.testing.assert_allclose(ours.transform(pl.Series(texts)).toarray()[:, len(ours.words_) :][:, order], expected)


def test_every_block_of_a_text_has_length_one():
    texts = pl.Series(["win 80082 now", "see you", "see 12345"])
    features = TextFeatures(style=False).fit(texts)
    x = features.transform(texts)
    words = len(features.words_) + len(features.pairs_)
    np.testing.assert_allclose(np.asarray(x[:, :words].multiply(x[:, :words]).sum(1)).ravel(), 1.0)
    np.testing.assert_allclose(np.asarray(x[:, words:].multiply(x[:, words:]).sum(1)).ravel(), 1.0)


def test_numbers_of_one_length_share_a_feature():
    features = TextFeatures(letters=False, pairs=False, style=False).fit(pl.Series(["win 80082", "win 12345"]))
    assert "(5-digit number)" in features.names
    unseen = features.transform(pl.Series(["99999"])).toarray()[0]
    assert unseen[features.names.index("(5-digit number)")] == 1.0


def test_a_text_without_a_known_word_is_zeros():
    features = TextFeatures(style=False).fit(pl.Series(["hello there"]))
    assert features.transform(pl.Series(["xyzzy", "", None])).nnz == 0


def test_transform_does_not_depend_on_company():
    texts = pl.Series(["win a prize", "see you later", "later prize", "a b c"])
    features = TextFeatures().fit(texts)
    together = features.transform(texts).toarray()
    for i in range(len(texts)):
        np.testing.assert_allclose(features.transform(texts[i : i + 1]).toarray()[0], together[i], atol=1e-15)


def test_no_text_at_all():
    features = TextFeatures(style=False).fit(pl.Series([""] * 3))
    assert features.n_features == 0
    assert features.transform(pl.Series(["a"])).shape == (1, 0)


def test_a_huge_word_is_cut():
    features = TextFeatures().fit(pl.Series(["x" * 100_000, "y"]))
    assert max(len(name) for name in features.names) <= 100


def test_most_limits_every_part():
    features = TextFeatures(style=False, most=5).fit(pl.Series([f"w{i} v{i}" for i in range(20)] + ["w1 v1"]))
    assert len(features.pairs_) == 5
    assert len(features.grams_) == 5
    assert "w" in features.words_


@pytest.mark.parametrize("word", ["", "a", "ok", "hello"])
def test_grams_have_the_lengths_they_claim(word):
    for gram in grams_of(word):
        assert 2 <= len(gram) <= 5
        assert gram in f" {word} "


def test_attributions_of_a_text_add_up_to_its_score(messages):
    features = Features(["text", "network"]).fit(messages)
    weights = np.random.default_rng(0).normal(size=features.n_features)
    scores = features.transform(messages[:20]) @ weights
    for added, score in zip(features.attribute(messages[:20], weights), scores, strict=True):
        assert sum(added.values()) == pytest.approx(score, abs=1e-9)


def test_attributions_name_words_not_letter_runs(messages):
    features = Features(["text"]).fit(messages)
    added = features.attribute(messages[:1], np.ones(features.n_features))[0]
    known = set(tokenize(messages["text"][:1]).words)
    assert all(set(name.split()) <= known or name.startswith("(") for name in added)


def test_numbers_are_standardised_and_gaps_become_the_mean():
    table = pl.DataFrame({"age": [20.0, 40.0, None, float("nan"), float("inf")], "n": [1, 2, 3, 4, 5]})
    features = TableFeatures(["age", "n"]).fit(table)
    x = features.transform(table).toarray()
    assert features.names == ["age", "n", "age is missing"]
    np.testing.assert_allclose(x[:, 0], [-1, 1, 0, 0, 0])
    np.testing.assert_allclose(x[:, 1].mean(), 0.0, atol=1e-12)
    np.testing.assert_allclose(x[:, 1].std(), 1.0)
    np.testing.assert_allclose(x[:, 2], [0, 0, 1, 1, 1])


def test_columns_that_say_nothing_are_left_out_and_named():
    table = pl.DataFrame({"same": [3, 3, 3], "gone": [None, None, None], "one": ["a", "a", "a"], "x": [1, 2, 3]})
    features = TableFeatures(["same", "gone", "one", "x"]).fit(table)
    assert features.names == ["x"]
    assert len(features.notes_) == 3
    assert all(name in " ".join(features.notes_) for name in ("same", "gone", "one"))


def test_categories_become_columns_and_new_ones_zeros():
    features = TableFeatures(["city"]).fit(pl.DataFrame({"city": ["b", "a", "b", None]}))
    assert features.names == ["city = a", "city = b"]
    x = features.transform(pl.DataFrame({"city": ["a", "c", None]})).toarray()
    np.testing.assert_array_equal(x, [[1, 0], [0, 0], [0, 0]])


def test_too_many_categories_keep_the_commonest():
    column = [f"c{i}" for i in range(300)] + ["c7"] * 5
    features = TableFeatures(["c"]).fit(pl.DataFrame({"c": column}))
    assert features.n_features == 100
    assert "c = c7" in features.names
    assert "300 categories" in features.notes_[0]


def test_dates_count_in_days():
    days = [dt.date(2024, 1, 1), dt.date(2024, 1, 3)]
    table = pl.DataFrame({"d": days, "t": [dt.datetime(2024, 1, 1), dt.datetime(2024, 1, 2)]})
    features = TableFeatures(["d", "t"]).fit(table)
    assert features.scale_.tolist() == pytest.approx([1.0, 0.5])


def test_booleans_are_categories():
    features = TableFeatures(["yes"]).fit(pl.DataFrame({"yes": [True, False, True]}))
    assert features.names == ["yes = false", "yes = true"]


def test_nested_columns_are_refused():
    with pytest.raises(InputError, match="not numbers or categories"):
        TableFeatures(["x"]).fit(pl.DataFrame({"x": [[1], [2]]}))


def test_numbers_that_turn_into_text_are_refused():
    features = TableFeatures(["x"]).fit(pl.DataFrame({"x": [1, 2]}))
    with pytest.raises(InputError, match="held numbers"):
        features.transform(pl.DataFrame({"x": ["1", "2"]}))


def test_weights_in_own_units_give_the_same_scores(houses):
    features = Features(["size", "city"]).fit(houses)
    w, b = np.random.default_rng(0).normal(size=(features.n_features, 2)), np.array([1.0, -1.0])
    own, bias = features.in_own_units(w, b)
    raw = np.column_stack([houses["size"], houses["city"] == "A", houses["city"] == "B"])
    np.testing.assert_allclose(raw @ own + bias, features.transform(houses) @ w + b)


def test_text_is_chosen_before_metadata():
    frame = pl.DataFrame({"item": ["1"], "text": ["x"], "label": ["a"], "n": [1]})
    assert choose_columns(frame, "label") == ["text"]
    assert choose_columns(frame.drop("text"), "label") == ["n"]
    assert choose_columns(frame.with_columns(text=pl.lit(None, pl.String)), "label") == ["n"]


def test_nothing_to_learn_from_is_said():
    with pytest.raises(InputError, match="No column to learn from"):
        choose_columns(pl.DataFrame({"item": ["1"], "answer": ["a"]}), "answer")
    with pytest.raises(InputError, match="Nothing to learn from"):
        Features(["x"]).fit(pl.DataFrame({"x": [1, 1]}))
    with pytest.raises(InputError, match="no row"):
        Features(["x"]).fit(pl.DataFrame({"x": []}))


def test_absent_columns_are_named_with_the_nearest():
    with pytest.raises(InputError, match="Did you mean 'body'"):
        Features(["boddy"]).fit(pl.DataFrame({"body": ["a"]}))


def test_prose_columns_become_texts():
    prose = [f"this is remark number {i} about the road" for i in range(30)]
    features = Features(["remark", "n"]).fit(pl.DataFrame({"remark": prose, "n": range(30)}))
    assert list(features.texts_) == ["remark"]


def test_several_texts_say_whose_words_they_are():
    frame = pl.DataFrame({"text": ["a b", "c d"] * 20, "note": [f"one two three four {i}" for i in range(40)]})
    features = Features(["text", "note"]).fit(frame)
    assert any(name.startswith("note: ") for name in features.names)
    assert len(features.names) == features.n_features


def test_fit_transform_is_fit_and_transform(messages):
    once = Features(["text", "network"]).fit_transform(messages)
    twice = Features(["text", "network"]).fit(messages).transform(messages)
    assert (once != twice).nnz == 0


def test_texts_without_a_word_are_nothing_to_learn_from():
    with pytest.raises(InputError, match="texts are empty"):
        Features(["text"]).fit(pl.DataFrame({"text": ["", None, "  "]}))
