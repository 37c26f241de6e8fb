"""Random RASP-L programs: text that this package and the published NumPy version both run.

What NumPy leaves undefined or the published version gets wrong stays out: division by what may be 0, reductions over bools, the
broken ``argmax``, ``argmin`` and ``mode`` (see the section on differences in docs/language/raspl-restrictions.md).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Literal

Kind = Literal["int", "bool"]

_COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
_PREDICATES = ("equals", "leq", "lt", "geq", "gt")
_REDUCTIONS = ("mean", "max", "min")
_HELPER = """def helper(x, y, flip=False, shift=1):
    'one of two branches, chosen by a constant'
    if flip:
        z = shift_right(y, shift) + x
    elif shift > 1:
        z = x
        z = z - y
    else:
        z = (x * 2) % 5
        z += y
    return z
"""


def random_program(rng: Random, statements: int = 5) -> str:
    """The text of a module whose ``program(x)`` is a RASP-L program of about so many statements."""
    writer = _Writer(rng)
    lines = [writer.statement(position) for position in range(statements)]
    result = writer.sequence(2)
    return f"{_HELPER}\ndef program(x):\n" + "".join(f"    {line}\n" for line in lines) + f"    return {result}\n"


def random_tokens(rng: Random, longest: int = 12) -> list[int]:
    """A non-empty input over a small range of ints, with repetitions."""
    top = rng.choice((1, 3, 6))
    return [rng.randint(-1 if rng.random() < 0.2 else 0, top) for _ in range(rng.randint(1, longest))]


@dataclass(eq=False)
class _Writer:
    rng: Random
    ints: list[str] = field(default_factory=lambda: ["x"])
    bools: list[str] = field(default_factory=list)

    def statement(self, position: int) -> str:
        name = f"v{position}"
        if self.rng.random() < 0.25:
            text = self.boolean(2)
            self.bools.append(name)
        else:
            text = self.integer(2)
            self.ints.append(name)
        return f"{name} = {text}"

    def sequence(self, depth: int) -> str:
        return self.boolean(depth) if self.rng.random() < 0.3 else self.integer(depth)

    def integer(self, depth: int) -> str:
        """An expression for a sequence of ints."""
        if depth <= 0 or self.rng.random() < 0.15:
            return self.rng.choice(self.ints)
        makers = (self._arithmetic, self._map, self._attention, self._library, self._helper, self._choice, self._base)
        return self.rng.choices(makers, weights=(3, 3, 4, 4, 1, 2, 1))[0](depth - 1)

    def boolean(self, depth: int) -> str:
        """An expression for a sequence of bools."""
        if depth <= 0 and self.bools and self.rng.random() < 0.5:
            return self.rng.choice(self.bools)
        if depth <= 0 or self.rng.random() < 0.5:
            return f"({self.integer(depth - 1)} {self.rng.choice(_COMPARISONS)} {self._operand(depth - 1)})"
        shape = self.rng.choice(("~{}", "({} & {})", "({} | {})", "({} ^ {})", "({} + {})", "({} == {})"))
        return shape.format(*(self.boolean(depth - 1) for _ in range(shape.count("{}"))))

    def _operand(self, depth: int) -> str:
        return self.integer(depth) if self.rng.random() < 0.5 else self._constant()

    def _constant(self) -> str:
        return str(self.rng.randint(-3, 6))

    def _base(self, depth: int) -> str:
        return self.rng.choice((f"indices({self.integer(depth)})", f"full(x, {self._constant()})", "full(x, 2.7)"))

    def _arithmetic(self, depth: int) -> str:
        left, right = self.integer(depth), self._operand(depth)
        divisor = self.rng.choice((2, 3, 5, -4))
        shapes = (
            f"({left} + {right})",
            f"({left} - {right})",
            f"({left} * {self._constant()})",
            f"({left} % {divisor})",
            f"({left} // {divisor})",
            f"(-{left})",
            f"(~{left} & {right})",
            f"({left} | {self.boolean(depth)})",
            f"({left} + {self.boolean(depth)})",
            f"(1 - {left})",
        )
        return self.rng.choice(shapes)

    def _map(self, depth: int) -> str:
        if self.rng.random() < 0.4:
            return f"tok_map({self.sequence(depth)}, lambda t: {self._element(('t',), 2)})"
        arguments = f"{self.sequence(depth)}, {self.sequence(depth)}"
        if self.rng.random() < 0.2:
            return f"seq_map({arguments}, {self.rng.choice(_PREDICATES)})"
        return f"seq_map({arguments}, lambda a, b: {self._element(('a', 'b'), 2)})"

    def _element(self, names: tuple[str, ...], depth: int) -> str:
        """An expression over single elements, as the lambda of a map computes."""
        if depth <= 0:
            return self.rng.choice((*names, *names, self._constant()))
        one, other = self._element(names, depth - 1), self._element(names, depth - 1)
        shapes = (
            f"({one} + {other})",
            f"({one} * {self._constant()})",
            f"({one} % 3)",
            f"({one} / 2)" if depth == 2 else f"({one} // 2)",
            f"({one} if {self._test(names)} else {other})",
            f"({self._test(names)} and {self._test(names)})",
            f"(1 if {self._test(names)} or {self._test(names)} else 0)",
            f"abs({one} * 1)",
            f"min({one}, {other})",
            f"max({one}, {other})",
        )
        return self.rng.choice(shapes)

    def _test(self, names: tuple[str, ...]) -> str:
        left, right = self.rng.choice(names), self.rng.choice((*names, self._constant()))
        test = f"{left} {self.rng.choice(_COMPARISONS)} {right}"
        return self.rng.choice((f"({test})", f"(not {left})", f"(not {test})"))

    def _predicate(self) -> str:
        if self.rng.random() < 0.5:
            return self.rng.choice(_PREDICATES)
        comparison, constant = self.rng.choice(_COMPARISONS), self._constant()
        bodies = (
            f"k {comparison} q",
            f"k {comparison} q + {constant}",
            f"k + q {comparison} {constant}",
            f"{constant} - k {comparison} q * 2",
            f"q - k {comparison} {constant}",
            f"k * q {comparison} {constant}",
            f"k {comparison} {constant} and q {self.rng.choice(_COMPARISONS)} k",
            f"k == q or not q {comparison} {constant}",
            f"(k > {constant}) == (q {comparison} 1)",
            f"k == q if q {comparison} {constant} else k > q",
            f"(k % 3 == q % 2) & (k {comparison} q)",
            "k",
            "not q",
            "True",
            f"{constant} {comparison} k",
        )
        return f"lambda k, q: {self.rng.choice(bodies)}"

    def _attention(self, depth: int) -> str:
        key, query = self.integer(depth), self.integer(depth)
        selector = f"select({key}, {query}, {self._predicate()})"
        kind = self.rng.random()
        if kind < 0.25:
            return f"sel_width({selector})"
        options = f"default={self.rng.randint(-3, 3)}, reduction='{self.rng.choice(_REDUCTIONS)}'"
        if kind < 0.45:
            return f"aggr({selector}, {self.integer(depth)}, {options})"
        return f"kqv({key}, {query}, {self.integer(depth)}, {self._predicate()}, {options})"

    def _library(self, depth: int) -> str:
        one, other = self.integer(depth), self.integer(depth)
        calls = (
            f"shift_right({one}, {self.rng.randint(-1, 3)}, default={self._constant()})",
            f"cumsum({self.boolean(depth)})",
            f"maximum({one})",
            f"minimum({one})",
            f"num_prev({one}, {other})",
            f"has_seen({one}, {other})",
            f"firsts({one}, {other})",
            f"lasts({one}, {other}, {self._constant()})",
            f"index_select({one}, {other}, default={self._constant()})",
            f"first_true({self.boolean(depth)})",
            f"binary_mode({one} % 2)",
            f"induct({one}, {other}, offset={self.rng.randint(0, 3)})",
            f"induct(k={one}, q={other}, offset=1, default={self._constant()})",
            f"induct_prev({one}, {other}, offset={self.rng.randint(-3, -1)})",
            f"induct_kqv({one}, {other}, {self.integer(depth)}, 1)",
        )
        return self.rng.choice(calls)

    def _helper(self, depth: int) -> str:
        options = self.rng.choice(("", ", flip=True", ", shift=2", ", True, shift=2"))
        return f"helper({self.integer(depth)}, {self.integer(depth)}{options})"

    def _choice(self, depth: int) -> str:
        if self.rng.random() < 0.5:
            return f"mask({self.integer(depth)}, {self.boolean(depth)}, {self._constant()})"
        return f"where({self.sequence(depth)}, {self.sequence(depth)}, {self.integer(depth)})"
