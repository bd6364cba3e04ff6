"""Beliefs measured: accuracy, calibration and speed, beside peers.

    python bench/belief.py sets DATA [--models majority,default] [--no-sources]
    python bench/belief.py thinned DATA
    python bench/belief.py gold DATA
    python bench/belief.py scenarios
    python bench/belief.py speed [--votes 1e6] [--labels 2]
    python bench/belief.py peers [--votes 1e6]

DATA is a folder of vote sets: in each folder votes.csv.gz (item, source, label), gold.csv.gz (item, label) and
meta.json (family: crowd, lf, llm, crowd-seq), beside them peers.csv (set, method, accuracy, log_loss, ece).
``peers`` builds an environment of its own (bench/results/peers) with crowd-kit from PyPI and runs it on the same votes.
Every table is printed as Markdown and, with ``--out``, written to a file.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from groundswell.belief import MODELS, fit
from groundswell.belief.simulate import confused
from groundswell.core.source import SourceInfo
from groundswell.core.votes import VoteTable

SKIP = {"emotion_numeric", "crowdwsa_j1", "crowdwsa_t1", "pico_spans"}
KINDS = {"lf": ("rule", "all"), "llm": ("llm", "all")}


def load(folder: Path, sources: bool = True) -> tuple[VoteTable, np.ndarray, str]:
    """Votes, gold codes per item (-1 where none) and the family."""
    family = json.loads((folder / "meta.json").read_text())["family"]
    votes, gold = (pl.read_csv(folder / f"{name}.csv.gz", infer_schema=False) for name in ("votes", "gold"))
    labels = sorted(set(votes["label"]) | set(gold["label"]), key=int)
    items = pl.concat([votes["item"], gold["item"]]).unique(maintain_order=True)
    names = votes["source"].unique(maintain_order=True)
    kind, saw = KINDS.get(family, ("person", "asked")) if sources else ("source", "asked")

    def codes(values: pl.Series, known: list[str]) -> np.ndarray:
        return values.replace_strict(known, list(range(len(known))), return_dtype=pl.Int32).to_numpy()

    table = VoteTable.build(
        items.to_list(),
        [SourceInfo(name, kind, saw) for name in names],
        labels,
        codes(votes["item"], items.to_list()),
        codes(votes["source"], names.to_list()),
        codes(votes["label"], labels),
    )
    truth = np.full(len(items), -1)
    truth[codes(gold["item"], items.to_list())] = codes(gold["label"], labels)
    return table, truth, family


def score(p: np.ndarray, truth: np.ndarray, votes: VoteTable) -> tuple[float, float, float]:
    """Accuracy with ties shared, expected calibration error (10 bins), log-loss; on items with votes and gold."""
    chosen = (truth >= 0) & (np.diff(votes.starts()) > 0)
    p, truth = p[chosen], truth[chosen]
    top = p >= p.max(1, keepdims=True) - 1e-9
    right = top[np.arange(len(p)), truth] / top.sum(1)
    confidence = p.max(1)
    part = np.minimum((confidence * 10).astype(int), 9)
    ece = sum(abs(confidence[part == b].mean() - right[part == b].mean()) * (part == b).mean() for b in set(part))
    return float(right.mean()), float(ece), float(-np.log(np.maximum(p[np.arange(len(p)), truth], 1e-6)).mean())


def folders(data: Path) -> list[Path]:
    return [f for f in sorted(data.iterdir()) if (f / "meta.json").exists() and f.name not in SKIP]


def table(head: list[str], rows: list[list[object]]) -> str:
    cells = [[f"{c:.3f}" if isinstance(c, float) else str(c) for c in row] for row in rows]
    lines = [" | ".join(head), " | ".join("---" for _ in head), *(" | ".join(row) for row in cells)]
    return "\n".join(f"| {line} |" for line in lines)


def sets(data: Path, models: list[str], sources: bool) -> str:
    """Accuracy / ECE / log-loss of our models per set, with the best peer of peers.csv."""
    peers = pl.read_csv(data / "peers.csv") if (data / "peers.csv").exists() else None
    rows, figures = [], {}
    for folder in folders(data):
        votes, truth, family = load(folder, sources)
        found = {}
        for name in models:
            found[name] = score(MODELS[name]().fit(votes).predict_proba(), truth, votes)
        best, worst_loss = float("nan"), float("nan")
        if peers is not None:
            mine = peers.filter(pl.col("set") == folder.name)
            best, worst_loss = float(mine["accuracy"].max()), float(mine["log_loss"].min())
        figures[folder.name] = (family, found, best, worst_loss)
        row = [f"{found[m][0]:.3f} / {found[m][1]:.3f} / {found[m][2]:.2f}" for m in models]
        rows.append(
            [folder.name, *row, best, f"{worst_loss:.2f}", f"{100 * (found[models[-1]][0] - found[models[0]][0]):+.1f}"]
        )
    for family in ("crowd", "lf", "llm", ""):
        chosen = [x for x in figures.values() if x[0].startswith(family)]
        if chosen:
            row = []
            for m in models:
                a, e, ll = np.mean([found[m] for _, found, _, _ in chosen], axis=0)
                row.append(f"**{a:.4f}** / {e:.3f} / {ll:.3f}")
            rows.append(
                [f"mean {family or 'all'} ({len(chosen)})", *row, float(np.mean([x[2] for x in chosen])), "", ""]
            )
    lower = sum(found[models[-1]][2] < ll for _, found, _, ll in figures.values())
    head = [
        "set",
        *(f"{m}: accuracy / ECE / log-loss" for m in models),
        "best peer",
        "best peer's log-loss",
        "points over " + models[0],
    ]
    worst = min(figures, key=lambda name: figures[name][1][models[-1]][0] - figures[name][1][models[0]][0])
    note = f"\nWorst set against {models[0]}: {worst}. Log-loss below every peer's on {lower} of {len(figures)} sets.\n"
    return table(head, rows) + "\n" + note


def gold(data: Path, seeds: int = 2, n: int = 100) -> str:
    """What n known answers bring, on the items that they leave."""
    rows, by_family = [], {}
    for folder in folders(data):
        votes, truth, family = load(folder)
        if votes.n_votes > 150_000:
            continue
        found = []
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            voted = np.flatnonzero((truth >= 0) & (np.diff(votes.starts()) > 0))
            known = rng.choice(voted, min(n, len(voted) // 2), replace=False)
            clamp, left = np.full(votes.n_items, -1, np.int16), truth.copy()
            clamp[known], left[known] = truth[known], -1
            without = score(fit(votes).probabilities, left, votes)
            found.append((*without, *score(fit(dataclasses.replace(votes, gold=clamp)).probabilities, left, votes)))
        a = np.mean(found, axis=0)
        by_family.setdefault(family, []).append(a)
        rows.append([folder.name, *map(float, (a[0], a[3], a[1], a[4], a[2], a[5]))])
    for family, values in by_family.items():
        a = np.mean(values, axis=0)
        rows.append([f"**mean {family}**", *map(float, (a[0], a[3], a[1], a[4], a[2], a[5]))])
    return table(["set", "accuracy without", f"with {n}", "ECE without", "with", "log-loss without", "with"], rows)


def thinner(votes: VoteTable, truth: np.ndarray, how: str) -> tuple[VoteTable, np.ndarray] | None:
    """A harder variant of a set: fewer items, votes or sources, or one label against the rest."""
    rng = np.random.default_rng(1)
    if how in ("a third of the items", "both"):
        rows = np.flatnonzero(rng.random(votes.n_items) < 0.33)
        votes, truth = votes.take(rows), truth[rows]
    keep = np.ones(votes.n_votes, bool)
    if how in ("half the votes", "both"):
        keep = rng.random(votes.n_votes) < 0.5
    if how == "half the sources":
        keep = (rng.random(votes.n_sources) < 0.5)[votes.source]
    votes = dataclasses.replace(votes, item=votes.item[keep], source=votes.source[keep], label=votes.label[keep])
    if how == "one label against the rest":
        if votes.n_labels < 3:
            return None
        last = votes.n_labels - 1
        votes = dataclasses.replace(votes, labels=["rest", "one"], label=(votes.label == last).astype(np.int16))
        truth = np.where(truth >= 0, truth == last, -1)
    return votes, truth


def thinned(data: Path, models: list[str]) -> str:
    """Every set in five harder variants: what a default must also bear."""
    ways = ["half the votes", "a third of the items", "both", "half the sources", "one label against the rest"]
    found: dict[str, list[np.ndarray]] = {}
    for folder in folders(data):
        votes, truth, family = load(folder)
        if votes.n_votes > 300_000:
            continue
        for how in ways:
            variant = thinner(votes, truth, how)
            if variant is not None:
                scores = [score(MODELS[m]().fit(variant[0]).predict_proba(), variant[1], variant[0]) for m in models]
                for key in (f"mean {family}", how, "mean all"):
                    found.setdefault(key, []).append(np.array(scores))
    rows = []
    for key in sorted(found):
        a = np.mean(found[key], axis=0)
        rows.append([f"{key} ({len(found[key])})", *(f"{x[0]:.4f} / {x[1]:.3f}" for x in a)])
    return table(["variants", *(f"{m}: accuracy / ECE" for m in models)], rows)


def eye(a: float, k: int = 3) -> np.ndarray:
    m = np.full((k, k), (1 - a) / (k - 1))
    np.fill_diagonal(m, a)
    return m


def scenario(name: str, seed: int, n: int = 600) -> tuple[VoteTable, np.ndarray]:
    """The stress scenarios: three classes, seven sources."""
    rng = np.random.default_rng(seed)
    if name == "copies":
        truth = rng.integers(0, 3, n)

        def noisy(a: float) -> np.ndarray:
            return np.where(rng.random(n) < a, truth, (truth + rng.integers(1, 3, n)) % 3)

        model = noisy(0.7)
        said = [noisy(0.8) for _ in range(3)]
        said += [np.where(rng.random(n) < 0.02, rng.integers(0, 3, n), model) for _ in range(4)]
        infos = [SourceInfo(f"p{i}", "person") for i in range(3)]
        infos += [SourceInfo(f"m{i}", "llm", "all", "family") for i in range(4)]
        item, source = np.repeat(np.arange(n), 7), np.tile(np.arange(7), n)
        return VoteTable.build(range(n), infos, [0, 1, 2], item, source, np.stack(said, 1).ravel()), truth
    over = 0.4 * eye(0.8) + 0.6 * np.array([[1.0, 0, 0]] * 3)
    confusions = {
        "good people and spammers": [eye(0.75)] * 3 + [np.full((3, 3), 1 / 3)] * 4,
        "some swap two classes": [eye(0.8)] * 4 + [eye(0.85)[[1, 0, 2]]] * 3,
        "4 of 7 over-call one class": [eye(0.8)] * 3 + [over] * 4,
        "prior 90/7/3": [eye(0.7)] * 7,
    }[name]
    return confused(np.stack(confusions), n_items=n, seed=seed, prior=[0.9, 0.07, 0.03] if "prior" in name else None)


def scenarios(models: list[str], seeds: int = 6) -> str:
    names = [
        "good people and spammers",
        "some swap two classes",
        "4 of 7 over-call one class",
        "prior 90/7/3",
        "copies",
    ]
    rows = []
    for name in names:
        row: list[object] = [name]
        for model in models:
            found = []
            for seed in range(seeds):
                votes, truth = scenario(name, seed)
                found.append(score(MODELS[model]().fit(votes).predict_proba(), truth, votes))
            a = np.mean(found, axis=0)
            row.append(f"{a[0]:.3f} / {a[1]:.3f}")
        rows.append(row)
    return table(["scenario", *(f"{m}: accuracy / ECE" for m in models)], rows)


def simulated(n: int, labels: int, seed: int = 0) -> tuple[VoteTable, np.ndarray]:
    """n votes of 100 sources on n / 10 items."""
    rng = np.random.default_rng(seed)
    items = max(10, n // 10)
    truth = rng.integers(0, labels, items).astype(np.int16)
    item = np.sort(rng.integers(0, items, n).astype(np.int32))
    source = rng.integers(0, 100, n).astype(np.int32)
    right = rng.random(n) < rng.uniform(0.5, 0.9, 100)[source]
    label = np.where(right, truth[item], rng.integers(0, labels, n)).astype(np.int16)
    infos = [SourceInfo(f"s{s}") for s in range(100)]
    return VoteTable(range(items), infos, list(range(labels)), item, source, label), truth


def memory(reset: bool = False) -> float:
    """Peak resident memory in MB since the last reset (Linux)."""
    if reset:
        Path("/proc/self/clear_refs").write_text("5")
    line = next(x for x in Path("/proc/self/status").read_text().splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def speed(sizes: list[int], labels: int, models: list[str]) -> str:
    MODELS["default"]().fit(simulated(2000, labels)[0])
    rows = []
    for n in sizes:
        votes, truth = simulated(n, labels)
        for name in models:
            before = memory(reset=True)
            begun = time.perf_counter()
            found = MODELS[name]().fit(votes).predict_proba()
            seconds = time.perf_counter() - begun
            extra = memory() - before
            rows.append(
                [f"{n:,}", labels, name, f"{seconds:.2f}", f"{extra:.0f}", float((found.argmax(1) == truth).mean())]
            )
    return table(["votes", "labels", "model", "seconds", "MB over the input", "accuracy"], rows)


PEER = """
import sys, time, pandas as pd
from crowdkit.aggregation import DawidSkene, MajorityVote
votes = pd.read_parquet(sys.argv[1])
for name, model in (("crowd-kit MajorityVote", MajorityVote()), ("crowd-kit DawidSkene", DawidSkene(n_iter=10))):
    begun = time.perf_counter()
    model.fit_predict(votes)
    print(name, time.perf_counter() - begun, sep="\\t", flush=True)
"""


def peers(n: int, labels: int) -> str:
    """crowd-kit in an environment of its own on the same votes."""
    home = Path("bench/results/peers")
    python = home / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(home)], check=True)
        subprocess.run(
            [str(python), "-m", "pip", "-q", "install", "crowd-kit", "pyarrow", "scikit-learn<1.6"], check=True
        )
    votes, _ = simulated(n, labels)
    path = home / "votes.parquet"
    pl.DataFrame({"task": votes.item, "worker": votes.source, "label": votes.label.astype(np.int32)}).write_parquet(
        path
    )
    done = subprocess.run([str(python), "-c", PEER, str(path)], check=True, capture_output=True, text=True)
    rows: list[list[object]] = []
    for line in done.stdout.splitlines():
        name, seconds = line.split("\t")
        rows.append([name, f"{float(seconds):.2f}"])
    MODELS["default"]().fit(simulated(2000, labels)[0])
    for name in ("majority", "dawid-skene", "default"):
        begun = time.perf_counter()
        MODELS[name]().fit(votes)
        rows.append([f"groundswell {name}", f"{time.perf_counter() - begun:.2f}"])
    return table([f"{n:,} votes, {labels} labels", "seconds"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["sets", "thinned", "gold", "scenarios", "speed", "peers"])
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--models", default="")
    parser.add_argument("--no-sources", action="store_true", help="tell nothing about the sources")
    parser.add_argument("--votes", default="1e5,1e6")
    parser.add_argument("--labels", type=int, default=2)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    if given.what in ("sets", "thinned", "gold") and given.data is None:
        parser.error(f"{given.what} needs the folder of vote sets")
    sizes = [int(float(n)) for n in given.votes.split(",")]
    models = given.models.split(",") if given.models else []
    text = {
        "sets": lambda: sets(given.data, models or ["majority", "dawid-skene", "default"], not given.no_sources),
        "thinned": lambda: thinned(given.data, models or ["majority", "dawid-skene", "mace", "default"]),
        "gold": lambda: gold(given.data),
        "scenarios": lambda: scenarios(models or ["majority", "glad", "mace", "dawid-skene", "default"]),
        "speed": lambda: speed(sizes, given.labels, models or ["majority", "dawid-skene", "default"]),
        "peers": lambda: peers(sizes[-1], given.labels),
    }[given.what]()
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
