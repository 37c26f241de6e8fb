"""The baselines of looped transformers: the same questions, answered token by token.

'NTP' of Fan et al. 2024 asks for the next token of the answer, 'NTP-Pause' gives a model time to think before it: pause tokens
(Goyal et al. 2023), here as many as a loop would take steps. How many the paper has was not found.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from conjecture.alphabet import Alphabet
from conjecture.sample import Sample, continuation
from conjecture.task_type import Key, Program, Task
from conjecture.tasks.looped import ANSWER, PROBLEMS, Problem

END, PAUSE = -3, -4
SIGNS = 2


def token_by_token(problem: Problem, pauses: bool) -> Task:
    """The answer follows the question and a mark, and ends in a token of its own."""

    def room(longest: int) -> int:
        return problem.room(longest) + SIGNS + pauses * problem.steps(longest)

    def sample(key: Key, length: Array, longest: int) -> Sample:
        question, answer, steps = problem.draw(key, length, longest)
        waiting = (jnp.full(problem.steps(longest), PAUSE), steps if pauses else 0)
        return continuation(room(longest), [*question, waiting, ANSWER], [answer, END])

    more = (END, PAUSE) if pauses else (END,)
    return Task(
        name=f"ntp-{'pause-' * pauses}{problem.name}",
        summary=f"{problem.summary}, token by token{' after pauses' * pauses}",
        sample=sample,
        room=room,
        alphabet=lambda longest: Alphabet.of((*problem.tokens, *more)),
        program=Program(f"ntp/{problem.file}"),
        looks_ahead=problem.name == "binary-sum",
        stop=END,
        source="Fan et al. 2024",
        family=problem.family,
    )


TASKS = tuple(token_by_token(problem, pauses) for pauses in (False, True) for problem in PROBLEMS)
