"""Compiles one program and compares the model with the interpreter; ``exactness.py`` starts it in a process of its own.

The task names the ``program``, the ``length`` of the longest input, the ``number`` of inputs beside the short ones, and what to
``optimize`` (null for the default).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import compiler
from benchmarks import stages
from benchmarks.compiler_inputs import ADVERSARIAL, Tokens, short_inputs, uniform
from benchmarks.compiler_programs import BY_NAME, Program, reason
from compiler.verification.verify import same_atoms
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.graph.nodes import Atom

SHORT = 6


def main() -> None:
    task = stages.read_task()
    program, length = BY_NAME[task["program"]], task["length"]
    options: dict[str, Any] = {} if task["optimize"] is None else {"optimize": task["optimize"]}
    sop, vocab = program.load(), program.vocab(length)
    try:
        model, seconds = stages.timed(lambda: compiler.compile(sop, vocab, length, causal=program.causal, **options))
    except RaspError as error:
        stages.report(refused=reason(error))
        return
    stages.report(compile_seconds=seconds, margin=model.certificate.margin)
    inputs = [*short_inputs(program.few or vocab[:3], min(SHORT, length)), *long_inputs(program, length, task["number"])]
    found, seconds = stages.timed(lambda: compare(model, inputs))
    stages.report(
        compared=found.defined,
        undefined=len(inputs) - found.defined,
        mismatches=len(found.wrong),
        first=min(found.wrong, key=len, default=None),
        seconds=seconds,
    )


def long_inputs(program: Program, length: int, number: int) -> Iterator[Tokens]:
    """Half of full length; half such as the program is meant for, a quarter random, a quarter made to break a model."""
    rng = Random(f"{program.name} {length}")
    vocab = program.vocab(length)
    for count in range(number):
        size = length if count % 2 else rng.randint(1, length)
        draw = (program.draw, uniform, program.draw, rng.choice(ADVERSARIAL))[count // 2 % 4]
        yield draw(rng, vocab, size) or uniform(rng, vocab, size)


@dataclass(frozen=True)
class Comparison:
    """On how many inputs the program is defined, and those of them on which the model differs."""

    defined: int
    wrong: list[Tokens]


def compare(model: compiler.Model, inputs: Sequence[Tokens]) -> Comparison:
    expected = {place: values for place, tokens in enumerate(inputs) if (values := interpreted(model, tokens)) is not None}
    found = model.batch_atoms([inputs[place] for place in expected])
    pairs = zip(expected.items(), found, strict=True)
    return Comparison(len(expected), [inputs[place] for (place, wanted), values in pairs if not same_atoms(values, wanted)])


def interpreted(model: compiler.Model, tokens: Tokens) -> list[Atom] | None:
    try:
        return evaluate(model.sop.node, tokens).to_atoms()
    except RaspError:
        return None


if __name__ == "__main__":
    main()
