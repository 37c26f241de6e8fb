"""Whether a task's program, and the transformer that it compiles to, solve the task: the control of every result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import jax
import numpy as np

import compiler
from compiler.errors import CompileError
from compiler.model import Config, Model
from conjecture.drawing import drawer
from conjecture.errors import LabError
from conjecture.sample import Sample
from conjecture.task_type import Program, Task
from rasp.errors import EvaluationError
from rasp.graph.nodes import Atom
from rasp.values import SOp

Values: TypeAlias = list[Atom] | None
"""Of a program at each position of an input; None where it is undefined."""


@dataclass(frozen=True)
class Question:
    """A sample as programs read it.

    Attributes:
        prompt: what is given.
        answer: what should follow it, or the labels that are asked for.
        continues: which of the two.
        places: of the labels in the prompt; the last ones, if they are not given.
    """

    prompt: list[Atom]
    answer: list[Atom]
    continues: bool
    places: tuple[int, ...] = ()

    @staticmethod
    def of(task: Task, longest: int, sample: Sample) -> Question:
        """One sample of lengths up to ``longest``, its arrays on the host."""
        alphabet, outputs = task.alphabet(longest), task.outputs(longest)
        prompt = [alphabet.atom(code) for code in sample.tokens[: sample.prompt].tolist()]
        answer = [outputs.atom(code) for code in sample.targets[sample.asked].tolist()]
        if task.form == "continue":
            return Question(prompt, answer, True)
        return Question(prompt, answer, False, tuple(np.flatnonzero(sample.asked).tolist()))

    @cached_property
    def tokens(self) -> list[Atom]:
        """An input at whose last positions the answer is due.

        If it continues, every token is asked for after the right ones before it. A program that looks back only gives all of
        them exactly if it generates the answer.
        """
        return self.prompt + self.answer[:-1] if self.continues else self.prompt

    def apart(self) -> list[Question]:
        """A question for each token of the answer, which shows those before it and none that follows."""
        return [Question(self.prompt + self.answer[:place], [token], True) for place, token in enumerate(self.answer)]

    def given(self, values: Values) -> Values:
        """What a program answers by its values."""
        if values is None:
            return None
        return [values[place] for place in self.places] if self.places else values[-len(self.answer) :]


@dataclass(frozen=True)
class Solved:
    """How a program does on fresh samples: the fractions that it gets wholly right, for each of some ranges of lengths.

    Attributes:
        interpreter: of the program itself.
        compiled: of its transformer; None if the compiler refused.
        refusal: why it did.
        config: the size of the transformer.
    """

    interpreter: tuple[float, ...]
    compiled: tuple[float, ...] | None
    refusal: str | None = None
    config: Config | None = None


def check_program(
    task: Task,
    longest: int,
    lengths: Sequence[tuple[int, int]],
    samples: int,
    *,
    program: Program | None = None,
    seed: int = 0,
    require: bool = False,
) -> Solved:
    """Try a task's program, or another one, as it is and compiled.

    Args:
        longest: the length that the transformer is compiled for.
        lengths: least and greatest length of each range.
        samples: how many are tried in each.
        require: whether a wrong answer is an error. That the compiler refuses is none.

    Raises:
        LabError: a wrong answer, if that was asked for.
    """
    tried = program or task.program
    ranges = questions(task, longest, lengths, samples, seed=seed)
    asked = [question.apart() if task.looks_ahead else [question] for found in ranges for question in found]

    def fractions(values: Sequence[Values], subject: str) -> tuple[float, ...]:
        rows = iter(values)
        right = []
        for parts in asked:
            given = [part.given(next(rows)) for part in parts]
            wrong = [place for place, part in enumerate(parts) if given[place] != part.answer]
            if require and wrong:
                raise LabError(_complaint(task, tried, parts[wrong[0]], given[wrong[0]], subject))
            right.append(not wrong)
        return tuple(np.reshape(right, (len(lengths), samples)).mean(axis=1).tolist())

    inputs = [part.tokens for parts in asked for part in parts]
    interpreter = fractions([_interpreted(tried.sop(), tokens) for tokens in inputs], "it")
    try:
        model = compiled(task, longest, tried)
    except CompileError as refusal:
        return Solved(interpreter, None, str(refusal))
    values = [row if isinstance(row, list) else None for row in model.batch_atoms(inputs)]
    return Solved(interpreter, fractions(values, "its transformer"), None, model.config)


def compiled(task: Task, longest: int, program: Program | None = None) -> Model:
    """The transformer of a task's program, or another one, for lengths up to one.

    Raises:
        CompileError: the program can't be compiled exactly.
    """
    sop, vocabulary = (program or task.program).sop(), task.alphabet(longest).atoms
    return compiler.compile(sop, vocabulary, task.room(longest), causal=task.causal and not task.looks_ahead)


def questions(
    task: Task, longest: int, lengths: Sequence[tuple[int, int]], samples: int, *, seed: int = 0
) -> list[list[Question]]:
    """Fresh samples of each range of lengths; the arguments are those of ``check_program``."""
    draw = drawer(task, longest)
    return [
        [Question.of(task, longest, jax.device_get(draw(seed, part * samples + number, *ends))) for number in range(samples)]
        for part, ends in enumerate(lengths)
    ]


def _interpreted(sop: SOp, tokens: list[Atom]) -> Values:
    try:
        return sop.column(tokens).to_atoms()
    except EvaluationError:
        return None


def _complaint(task: Task, program: Program, question: Question, given: Values, subject: str) -> str:
    answer = "nothing" if given is None else _text(given)
    return (
        f"'{program.name}' of {program.file} does not solve {task.name}: "
        f"on {_text(question.prompt)} {subject} answers {answer}, not {_text(question.answer)}"
    )


def _text(atoms: Sequence[Atom]) -> str:
    return " ".join(map(str, atoms))
