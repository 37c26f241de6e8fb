"""The reference's random programs, compiled: values are the interpreter's, which ``tests/rasp`` compares with the reference's."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from typing import Any

import jax
import pytest

import compiler
import rasp
from compiler.undefined import Undefined
from compiler.verification.verify import same_atoms
from rasp.errors import RaspError
from rasp.evaluate import evaluate
from rasp.syntax.ast import Dialect

LONGEST = 12
DATA = Path(__file__).parents[1] / "data"
FILES: dict[Dialect, str] = {"rasp": "conformance_rasp.json", "rasp-l": "conformance_raspl.json"}
REFUSED: dict[tuple[Dialect, int], str] = {
    ("rasp", 76): "exactness can't be certified",  # rounded products of lengths
    ("rasp", 108): "exactness can't be certified",
}


def agrees(dialect: Dialect, number: int, program: dict[str, Any]) -> int:
    """Compile a program and compare it on its own inputs and on random ones; gives on how many it is defined."""
    value = rasp.loads(program["program"], dialect)[program["name"]]
    given = [list(case["input"]) for case in program["cases"] if 0 < len(case["input"]) <= LONGEST]
    vocab = sorted({token for tokens in given for token in tokens} | set("abc" if dialect == "rasp" else (0, 1, 2)))
    model = compiler.compile(value, vocab=vocab, max_length=LONGEST, causal=dialect == "rasp-l")
    draw = Random(number)
    inputs = [*given, *(draw.choices(vocab, k=draw.randint(1, LONGEST)) for _ in range(100))]
    defined = 0
    for tokens, found in zip(inputs, model.batch_atoms(inputs), strict=True):
        try:
            wanted = evaluate(model.sop.node, tokens).to_atoms()
        except RaspError:
            assert isinstance(found, Undefined), (number, tokens, found)
            continue
        assert same_atoms(found, wanted), (number, tokens, found, wanted)
        defined += 1
    return defined


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("dialect", FILES)
def test_programs(dialect: Dialect, part: int) -> None:
    programs = list(enumerate(json.loads((DATA / FILES[dialect]).read_text("utf-8"))))
    for number, program in programs[part::10]:
        reason = REFUSED.get((dialect, number))
        if reason is None:
            assert agrees(dialect, number, program) > 0
        else:
            with pytest.raises(compiler.CompileError, match=reason):
                agrees(dialect, number, program)
    jax.clear_caches()  # the system has a limit for how much compiled code one process maps
