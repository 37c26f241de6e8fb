"""Compares a compiled model with the interpreter on real inputs: every short one, adversarial ones, random ones."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from compiler.errors import TraceError, UndefinedError
from compiler.model import Model
from compiler.undefined import Undefined
from compiler.verification import LONGEST_TRIED
from compiler.verification.adversarial import Ids, adversarial_inputs
from compiler.verification.comparison import Comparison, Difference, Values, same_atoms
from compiler.verification.shrinking import shrunk
from compiler.verification.trace import Tracer
from rasp.errors import RaspValueError
from rasp.graph.expression import atom_text
from rasp.graph.nodes import Atom

SHORT, RANDOM = "every short input", "random"
"""The classes beside those of ``compiler.adversarial``."""

MOST_SHRUNK = 3
"""Failing inputs that are made small and kept."""

CHUNK = 512
"""Inputs that are compared together."""

WIDEST_TEXT = 400


@dataclass(frozen=True)
class Mismatch:
    """A smallest input on which model and interpreter differ: no token can be dropped, none replaced by the first one.

    Attributes:
        interpreted, compiled: the values, or why there are none.
        name: the class of the input that was found first.
        found: its length.
        origin: the first layer whose values differ, and in which value; or why that is not known.
    """

    tokens: tuple[Atom, ...]
    interpreted: Values
    compiled: Values
    name: str
    found: int
    origin: str

    @property
    def position(self) -> int | None:
        """The first position at which the values differ; None where one side has none."""
        if isinstance(self.interpreted, Undefined) or isinstance(self.compiled, Undefined):
            return None
        pairs = zip(self.interpreted, self.compiled, strict=True)
        return next(place for place, (wanted, given) in enumerate(pairs) if not same_atoms([wanted], [given]))

    def __str__(self) -> str:
        lines = [
            f"mismatch on {_listed(self.tokens)} (made from an input of length {self.found:,}, {self.name})",
            f"  program: {_described(self.interpreted)}",
            f"  model:   {_described(self.compiled)}",
        ]
        at = self.position
        if at is not None and not isinstance(self.interpreted, Undefined) and not isinstance(self.compiled, Undefined):
            wanted, given = atom_text(self.interpreted[at]), atom_text(self.compiled[at])
            lines.append(f"  at position {at} the program gives {wanted}, the model {given}")
        return "\n".join([*lines, f"  {self.origin}"])


@dataclass(frozen=True)
class Tally:
    """How inputs of one class went.

    Attributes:
        name: of the class.
        compared: on how many model and interpreter were compared, those apart on which both are undefined.
        different: on how many of these they differ.
        undefined: on how many the program has no value, and the model says so too.
    """

    name: str
    compared: int
    different: int
    undefined: int


@dataclass(frozen=True)
class Report:
    """What a verification found.

    Attributes:
        classes: the counts of each class of inputs.
        complete_to: every input up to this length was tried.
        longest: the longest length tried.
        mismatches: a few inputs on which both differ, made small, shortest first.
        margin: the smallest margin of the model's certificate.
    """

    classes: tuple[Tally, ...]
    complete_to: int
    longest: int
    mismatches: tuple[Mismatch, ...]
    margin: float

    @property
    def tried(self) -> int:
        """Inputs on which the program, the model or both have values."""
        return sum(tally.compared for tally in self.classes)

    @property
    def undefined(self) -> int:
        """Inputs on which the program itself is undefined, and the model says so."""
        return sum(tally.undefined for tally in self.classes)

    @property
    def different(self) -> int:
        """Inputs on which both differ; one of them may have no value there."""
        return sum(tally.different for tally in self.classes)

    @property
    def passed(self) -> bool:
        """Whether at least one input was compared and none differs."""
        return self.tried > 0 and not self.different

    @property
    def summary(self) -> str:
        """All in one line."""
        found = f"{self.different:,} mismatches" if self.different else "no mismatch"
        lengths = f"all inputs up to length {self.complete_to}, others up to {self.longest:,}"
        undefined = f"{self.undefined:,} undefined (both)"
        return f"{self.tried:,} inputs compared, {found}; {lengths}; {undefined}; certified margin {self.margin:.3f}"

    def table(self) -> str:
        """The counts of each class, one line each."""
        width = max((len(tally.name) for tally in self.classes), default=0)
        header = f"{'':{width}}  compared  different  undefined"
        rows = (f"{t.name:{width}}  {t.compared:8,}  {t.different:9,}  {t.undefined:9,}" for t in self.classes)
        return "\n".join([header, *rows])

    def __str__(self) -> str:
        return "\n".join([self.summary, self.table(), *map(str, self.mismatches)])


def verify(
    model: Model,
    *,
    exhaustive: int = 5_000,
    adversarial: int = 1_000,
    samples: int = 1_000,
    longest: int = LONGEST_TRIED,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Compare model and interpreter on every short input, on adversarial ones and on random ones.

    Args:
        exhaustive: how many inputs to enumerate at most; all inputs up to the longest length that fits are tried.
        adversarial: how many adversarial inputs to try at most (see ``compiler.adversarial``), the longest first.
        samples: how many random inputs to try; half of them have the largest length.
        longest: the longest input to try, if the model takes inputs of that length.
        seed: of what is random.
        progress: told now and then how many inputs were tried so far.

    Raises:
        RaspValueError: a number of inputs below 0, or a length below 1.
    """
    if min(exhaustive, adversarial, samples) < 0 or longest < 1:
        raise RaspValueError("the numbers of inputs to verify must be 0 or more, and the longest length 1 or more")
    if not exhaustive + adversarial + samples:
        raise RaspValueError("there is nothing to verify: the numbers of inputs are all 0", hint="raise one of them")
    longest = min(longest, model.target.max_length)
    comparison = Comparison(model)
    complete_to = _complete_to(len(model.target.vocab), longest, exhaustive)
    cases = itertools.chain(
        _short_inputs(model, complete_to),
        itertools.islice(_adversarial_inputs(model, complete_to, longest, seed), adversarial),
        _random_inputs(model, samples, complete_to, longest, random.Random(seed)),
    )
    counts: dict[str, list[int]] = {}
    failing: list[_Failure] = []
    tried = 0
    while chunk := list(itertools.islice(cases, CHUNK)):
        for (name, ids), outcome in zip(chunk, comparison.outcomes([ids for _, ids in chunk]), strict=True):
            _count(counts, name, outcome)
            failing += [_Failure(name, ids, outcome)] if isinstance(outcome, Difference) else []
        tried += len(chunk)
        if progress is not None:
            progress(tried)
    tallies = tuple(Tally(name, compared, different, undefined) for name, (compared, different, undefined) in counts.items())
    return Report(tallies, complete_to, longest, _smallest(comparison, failing), model.certificate.margin)


def _count(counts: dict[str, list[int]], name: str, outcome: Difference | bool) -> None:
    tally = counts.setdefault(name, [0, 0, 0])
    match outcome:
        case False:
            tally[2] += 1
        case True:
            tally[0] += 1
        case Difference():
            tally[0] += 1
            tally[1] += 1


@dataclass(frozen=True)
class _Failure:
    name: str
    ids: Ids
    difference: Difference


def _smallest(comparison: Comparison, failing: list[_Failure]) -> tuple[Mismatch, ...]:
    """The shortest failing inputs, made small; those that end up the same are one."""
    found: dict[Ids, Mismatch] = {}
    origin = _origins(comparison.model) if failing else None
    for failure in sorted(failing, key=lambda failure: len(failure.ids))[:MOST_SHRUNK]:
        ids, difference = shrunk(failure.ids, comparison.first_failing), failure.difference
        (outcome,) = comparison.outcomes([ids])
        match outcome:
            case Difference():
                difference = outcome
            case _:  # it failed only beside other inputs of its batch
                ids = failure.ids
        if origin is not None and ids not in found:
            found[ids] = _mismatch(comparison.tokens(ids), difference, failure, origin)
    return tuple(sorted(found.values(), key=lambda mismatch: len(mismatch.tokens)))


def _mismatch(
    tokens: tuple[Atom, ...], difference: Difference, failure: _Failure, origin: Callable[[tuple[Atom, ...]], str]
) -> Mismatch:
    return Mismatch(tokens, difference.interpreted, difference.compiled, failure.name, len(failure.ids), origin(tokens))


def _origins(model: Model) -> Callable[[tuple[Atom, ...]], str]:
    """Tells the first layer that differs on an input."""
    try:
        tracer = Tracer.of(model)
    except TraceError as error:
        reason = error.message
        return lambda tokens: reason

    def origin(tokens: tuple[Atom, ...]) -> str:
        try:
            return tracer(tokens).summary
        except UndefinedError:
            return "no layer can be compared, since the program is undefined"

    return origin


def _complete_to(tokens: int, longest: int, most: int) -> int:
    """The largest length up to which there are at most so many inputs."""
    length = total = 0
    while length < longest and total + tokens ** (length + 1) <= most:
        length += 1
        total += tokens**length
    return length


def _short_inputs(model: Model, complete_to: int) -> Iterator[tuple[str, Ids]]:
    ids = range(len(model.target.vocab))
    return ((SHORT, found) for k in range(1, complete_to + 1) for found in itertools.product(ids, repeat=k))


def _adversarial_inputs(model: Model, complete_to: int, longest: int, seed: int) -> Iterator[tuple[str, Ids]]:
    if complete_to == longest:
        return iter(())
    found = adversarial_inputs(model.sop.node, model.target, longest=longest, seed=seed)
    return ((name, ids) for name, ids in found if len(ids) > complete_to)


def _random_inputs(model: Model, samples: int, complete_to: int, longest: int, draw: random.Random) -> Iterator[tuple[str, Ids]]:
    if complete_to == longest:
        return
    tokens = range(len(model.target.vocab))
    for number in range(samples):
        length = longest if number % 2 else draw.randint(complete_to + 1, longest)
        yield RANDOM, tuple(draw.choices(tokens, k=length))


def _described(values: Values) -> str:
    return f"undefined: {values}" if isinstance(values, Undefined) else _listed(values)


def _listed(values: Iterable[Atom]) -> str:
    text = f"[{', '.join(map(atom_text, values))}]"
    return text if len(text) <= WIDEST_TEXT else text[: WIDEST_TEXT - 1] + "…"
