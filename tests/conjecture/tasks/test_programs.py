"""Every task is solved by its program, and by the transformer that this compiles to, at four times a training length."""

from __future__ import annotations

from typing import Any

import pytest

from conjecture.solved import check_program, compiled, questions
from conjecture.tasks import all_tasks
from rasp.generate import generate
from tests.conjecture.tasks.lengths import TASKS, longest, trained

ENDINGS = ("-balanced", "-curriculum")
SAME_MODEL = {"majority": "mode"} | {name: name.removesuffix(end) for end in ENDINGS for name in TASKS if name.endswith(end)}
"""Tasks whose program and tokens are those of another one."""


LONG = (
    "ntp-addition",
    "ntp-binary-sum",
    "ntp-multiplication",
    "looped-multiplication",
    "addition-binary",
    "addition-forward-hinted",
    "addition-reversed-hinted",
    "retrieval-conditional",
)


def marked(name: str) -> Any:
    """The campaign has the programs of most layers, and those that only wait before the answer."""
    return pytest.param(name, marks=pytest.mark.slow) if name in LONG or name.startswith("ntp-pause-") else name


@pytest.mark.parametrize("name", [marked(name) for name in TASKS if name not in SAME_MODEL])
def test_program_and_transformer(name: str) -> None:
    task = all_tasks()[name]
    most = longest(task)
    solved = check_program(task, most, [(most, most)], 4, require=True)
    assert solved.refusal is None
    assert solved.interpreter == solved.compiled == (1.0,)
    assert solved.config is not None


@pytest.mark.parametrize("name", TASKS)
def test_program_on_short_samples(name: str) -> None:
    task = all_tasks()[name]
    lengths = [(task.shortest, task.shortest), (task.shortest + 1, trained(task)), (trained(task) + 1, longest(task))]
    for found in questions(task, longest(task), lengths, 4, seed=1):
        for question in found:
            for part in question.apart() if task.looks_ahead else [question]:
                assert part.given(task.program.sop().column(part.tokens).to_atoms()) == part.answer


@pytest.mark.parametrize("name", SAME_MODEL)
def test_same_model(name: str) -> None:
    task, other = all_tasks()[name], all_tasks()[SAME_MODEL[name]]
    assert task.program == other.program
    assert task.alphabet(9) == other.alphabet(9)


@pytest.mark.parametrize("name", [name for name in TASKS if all_tasks()[name].form == "continue"])
def test_program_generates(name: str) -> None:
    task = all_tasks()[name]
    ((question,),) = questions(task, longest(task), [(trained(task), trained(task))], 1, seed=2)
    assert task.stop is not None
    assert question.answer[-1] == task.stop
    assert generate(task.program.sop(), question.prompt, stop=task.stop) == question.prompt + question.answer


@pytest.mark.parametrize("name", ["count", "addition-reversed-hinted"])
def test_transformer_generates(name: str) -> None:
    task = all_tasks()[name]
    (found,) = questions(task, trained(task), [(1, trained(task))], 4)
    model = compiled(task, trained(task))
    generated = model.generate_batch([question.prompt for question in found], stop=task.stop)
    assert generated == [question.prompt + question.answer for question in found]
