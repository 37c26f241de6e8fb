"""What every result is set against: the program itself, its compiled transformer, chance, and a shortcut where one is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import jax
import numpy as np

import rasp
from conjecture.evaluation.scores import samples_of
from conjecture.rows import Rows
from conjecture.solved import Solved, check_program
from conjecture.sweeps.experiment import Experiment, Lengths
from conjecture.task_type import Program, Task
from conjecture.tasks import task_named
from rasp.check import RULES

BLIND = 1000
"""Samples from which the best blind answer is found."""


def control_row(suite: str, experiment: Experiment) -> dict[str, Any]:
    """A row of results: how long a task's program is, and what it and its compiled transformer do at the tested lengths.

    Raises:
        LabError: the program does not solve the task.
    """
    task, longest = task_named(experiment.task), experiment.recipe.longest
    solved = check_program(task, longest, experiment.tests, experiment.controls, require=True)
    shortcut = (
        None
        if task.shortcut is None
        else check_program(task, longest, experiment.tests, experiment.controls, program=task.shortcut)
    )
    blind = chances(task, longest, experiment.tests)
    controls = [
        {
            "low": low,
            "high": high,
            "interpreter": solved.interpreter[number],
            "compiled": solved.compiled[number] if solved.compiled else None,
            "chance": blind[number],
            "shortcut": shortcut.interpreter[number] if shortcut else None,
        }
        for number, (low, high) in enumerate(experiment.tests)
    ]
    return {
        "suite": suite,
        "run": experiment.control_name,
        "task": task.name,
        "measures": json.dumps(measures_of(task.program)),
        "compiled": json.dumps(size_of(solved)),
        "refusal": solved.refusal,
        "legal": is_legal(task) if task.causal else None,
        "program": f"{task.program.file}: {task.program.name}",
        "controls": controls,
    }


def measures_of(program: Program) -> dict[str, float]:
    """Every length of a program, by name."""
    measures = rasp.measure(program.sop(), program=program.module().program)
    found: dict[str, float] = {}
    for form, graph in (("written", measures.written), ("simplified", measures.simplified)):
        values = asdict(graph) | {"layers": graph.layers, "heads": graph.heads}
        found |= {f"{form} {name}": value for name, value in values.items() if isinstance(value, int | float)}
    if measures.text is not None:
        found |= {f"text {name}": value for name, value in asdict(measures.text).items()}
    return found


def size_of(solved: Solved) -> dict[str, float]:
    """The size of the compiled transformer, by name; empty if the compiler refused."""
    config = solved.config
    if config is None:
        return {}
    return {
        "compiled layers": config.layers,
        "compiled heads": sum(config.heads),
        "compiled width": config.d_model,
        "compiled units": sum(config.d_mlp),
        "compiled parameters": config.parameters,
    }


def is_legal(task: Task) -> bool:
    """Whether a task's program keeps to RASP-L's restrictions, for the tokens of short samples.

    What `rasp check` only notes is allowed, such as a shift by two, which the paper's own programs have; and so is a warning that
    stays one if the restrictions are read literally.
    """
    numbers = task.alphabet(max(task.shortest, 10)).codes
    findings = rasp.check(task.program.sop(), tokens=(min(numbers), max(numbers)))
    return not any(finding.severity != "note" and RULES[finding.rule].strict == "error" for finding in findings)


def chances(task: Task, longest: int, tests: Sequence[Lengths]) -> list[float]:
    """How often the best answer that does not look at the input is right in each test: the most frequent answer among many."""
    draw = jax.jit(lambda key, low, high: samples_of(task, longest, key, low, high, BLIND))
    return [_most_frequent(jax.device_get(draw(jax.random.key(high), low, high))) / BLIND for low, high in tests]


def _most_frequent(rows: Rows) -> int:
    answers = Counter(np.asarray(targets)[asked].tobytes() for targets, asked in zip(rows.targets, rows.asked, strict=True))
    return max(answers.values())
