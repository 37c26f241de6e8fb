"""The suites: frozen configurations of many experiments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from conjecture import own
from conjecture.errors import LabError
from conjecture.generated import generated_tasks
from conjecture.recipe import Recipe
from conjecture.sweeps.compiled_suite import compiled
from conjecture.sweeps.loop_suites import fan2024, loops
from conjecture.sweeps.retrieval_suites import musat2024, retrieval
from conjecture.sweeps.suite import Suite, experiment
from rasp.errors import did_you_mean


def tiny() -> Suite:
    """A check that everything works, in less than a minute."""
    recipe = Recipe(
        lengths=(1, 6), longest=18, layers=1, heads=2, width=32, steps=300, check_every=100, checks=128, learning_rate=3e-3
    )
    return Suite(
        "tiny",
        "two easy tasks and a hard one, far too short to learn from: a check that the lab works",
        tuple(experiment(task, recipe, seeds=2, samples=64, controls=4) for task in ("binary-majority", "hist", "parity")),
    )


TWO_CORES = Recipe(
    lengths=(1, 16),
    longest=48,
    layers=2,
    heads=4,
    width=64,
    steps=5000,
    learning_rate=2e-3,
    warmup=200,
    check_every=250,
    patience=2,
)
"""A small model for short inputs."""

ADDITION = tuple(
    f"addition-{order}{hints}{carries}"
    for order in ("forward", "reversed")
    for hints in ("", "-hinted")
    for carries in ("", "-balanced")
)
SHORT_ANSWERS = ("binary-majority", "majority", "mode", "parity", "boolean-and", "binary-majority-interleaved", "count")
COPIES = ("copy-unique", "sort", "copy-repeat", "reverse-unique", "copy-bigrams")
SCRATCHPADS = ("parity-scratchpad", "mode-scratchpad", "mode-scratchpad-hard")
LABELS = ("hist", "double-hist", "reverse", "sort-bidirectional", "most-freq", "dyck-1", "dyck-2")


def cpu() -> Suite:
    """The published tasks at sizes that two cores can do."""
    digits = replace(TWO_CORES, lengths=(1, 8), longest=24, layers=3)
    tasks = [(task, TWO_CORES) for task in (*SHORT_ANSWERS, *COPIES, *SCRATCHPADS, *LABELS)] + [
        (task, digits) for task in ADDITION
    ]
    return Suite(
        "cpu",
        "the published tasks, trained on lengths up to 16 (additions 8) and tested up to three times that, for two cores",
        tuple(experiment(task, recipe, seeds=3) for task, recipe in tasks),
    )


def generated() -> Suite:
    """Random programs of one to eight operations."""
    recipe = replace(TWO_CORES, layers=3, steps=3000)
    tasks = generated_tasks(48)
    return Suite(
        "generated",
        "random RASP-L programs of 1 to 8 operations, trained on lengths up to 16 and tested up to 48, for two cores",
        tuple(experiment(task.name, recipe, seeds=3) for task in tasks),
    )


def huang2024() -> Suite:
    """The table of Huang et al. 2024 with learned positions, at their sizes and learning rates."""
    usual = Recipe(
        lengths=(1, 50),
        longest=150,
        batch=64,
        steps=30_000,
        learning_rate=1e-3,
        weight_decay=0.01,
        check_every=3000,
        checks=2000,
    )
    sizes = (  # layers, heads, width, learning rate
        ("binary-majority", 1, 1, 16, 1e-3),
        ("majority", 1, 2, 256, 1e-3),
        ("binary-majority-interleaved", 2, 4, 256, 1e-4),
        ("sort", 1, 2, 256, 1e-4),
        ("copy-unique", 2, 1, 64, 1e-3),
        ("copy-repeat", 4, 4, 256, 1e-3),
        ("parity", 4, 2, 256, 1e-4),
        ("addition-binary", 12, 12, 768, 1e-4),
    )
    experiments = (
        experiment(
            task, replace(usual, layers=layers, heads=heads, width=width, learning_rate=rate), seeds=5, samples=2000, controls=4
        )
        for task, layers, heads, width, rate in sizes
    )
    return Suite("huang2024", "the table of Huang et al. 2024 at its sizes, for a GPU", tuple(experiments))


def zhou2023() -> Suite:
    """The tasks of Zhou et al. 2023 with their six layers and packed contexts.

    The paper gives no width, batch, steps or optimizer; these are choices.
    """
    usual = Recipe(
        lengths=(1, 40),
        longest=60,
        layers=6,
        heads=8,
        width=512,
        packing="context",
        context=512,
        batch=32,
        steps=30_000,
        learning_rate=3e-4,
        warmup=1000,
        schedule="cosine",
        check_every=1000,
        checks=1000,
        patience=3,
    )
    tasks = [(task, usual) for task in ("mode", "mode-scratchpad", "mode-scratchpad-hard", "copy-unique", "copy-repeat", "sort")]
    tasks += [(task, usual) for task in ("parity", "parity-scratchpad")] + [(task, usual) for task in ADDITION]
    tasks.append(("count", replace(usual, lengths=(1, 60), longest=180)))
    suite = tuple(experiment(task, recipe, seeds=5, samples=1000, controls=4) for task, recipe in tasks)
    return Suite("zhou2023", "the tasks of Zhou et al. 2023 with six layers and packed contexts, for a GPU", suite)


SUITES: Mapping[str, Callable[[], Suite]] = {
    "tiny": tiny,
    "cpu": cpu,
    "generated": generated,
    "huang2024": huang2024,
    "zhou2023": zhou2023,
    "fan2024": fan2024,
    "loops": loops,
    "musat2024": musat2024,
    "retrieval": retrieval,
    "compiled": compiled,
}


def suite_named(name: str) -> Suite:
    """A suite; a path to a Python file is its ``SUITE``.

    Raises:
        LabError: there is none of this name.
    """
    if own.is_file(name):
        return own.load(name, "SUITE", Suite)
    if name not in SUITES:
        raise LabError(f"there is no suite '{name}'", hint=did_you_mean(name, SUITES) or f"there are {', '.join(SUITES)}")
    return SUITES[name]()


def only(suite: Suite, tasks: Iterable[str]) -> Suite:
    """The experiments on some tasks.

    Raises:
        LabError: a task is not in the suite.
    """
    wanted = set(tasks)
    known = {one.task for one in suite.experiments}
    if missing := wanted - known:
        hint = did_you_mean(min(missing), known) or f"it has {', '.join(sorted(known))}"
        raise LabError(f"the suite '{suite.name}' has no task {', '.join(sorted(missing))}", hint=hint)
    return replace(suite, experiments=tuple(one for one in suite.experiments if one.task in wanted))
