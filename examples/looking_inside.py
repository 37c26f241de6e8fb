"""Opens a compiled and a learned model of the same task, and watches retrieval heads emerge: pictures in a folder.

    python examples/looking_inside.py FOLDER [--steps 1500] [--retrieval-steps 8000]

``docs/lab/inside.md`` and ``docs/lab/retrieval.md`` show what it writes.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import compiler
import conjecture
import rasp
from conjecture.inside import during, open_up, reach
from conjecture.inside.pictures import maps_svg, norms_svg, reach_svg
from rasp.draw import write_picture

HIST = conjecture.Recipe(
    lengths=(1, 12), longest=12, layers=2, heads=2, width=32, learning_rate=3e-3, check_every=500, stop_at=2.0
)
RETRIEVAL = conjecture.Recipe(
    lengths=(3, 3), longest=3, layers=4, heads=4, width=64, init=0.1, packing="single", warmup=200, check_every=100, stop_at=2.0
)
WORD = "abracadabra"


def compiled_and_learned(folder: Path, steps: int) -> None:
    """Attention maps and norms of two models that count letters."""
    histogram = rasp.load(Path(__file__).with_name("histogram.rasp"))["histogram"]
    made = open_up(compiler.compile(histogram, vocab="abcdr", max_length=12), WORD)
    (trained,) = conjecture.train(conjecture.task("hist"), replace(HIST, steps=steps))
    learned = open_up(trained, WORD)
    print(f"hist: {trained.accuracy:.0%} right after {trained.steps:,} steps")
    write_picture(maps_svg(made), folder / "maps-compiled.svg")
    write_picture(maps_svg(learned), folder / "maps-learned.svg")
    write_picture(norms_svg([("compiled", made), ("learned", learned)]), folder / "norms.svg")


def emergence(folder: Path, steps: int) -> None:
    """Which heads look how many hops back while retrieval is learned."""
    recipe = replace(RETRIEVAL, steps=steps)
    trained, seen = during(conjecture.task("retrieval-curriculum"), recipe, reach)
    print(f"retrieval over 3 hops: {trained.accuracy:.0%} right after {trained.steps:,} steps")
    write_picture(reach_svg(seen), folder / "reach.svg")
    parts = ("weights", "question", "right")
    found = [{"step": step, **{part: getattr(one, part).round(3).tolist() for part in parts}} for step, one in seen]
    (folder / "reach.json").write_text(json.dumps(found), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--retrieval-steps", type=int, default=8000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    compiled_and_learned(options.folder, options.steps)
    emergence(options.folder, options.retrieval_steps)


if __name__ == "__main__":
    main()
