"""Random RASP-L programs with loops, whose values stay small however long they run."""

from __future__ import annotations

from random import Random

VOCAB = (0, 1, 2)

_PREDICATES = ("equals", "lt", "leq", "gt", "geq", "lambda k, q: k == q + 1", "lambda k, q: (k + q) % 2 == 0")
_TIMES = ("0", "1", "3", "indices(x)", "indices(x) + 1", "x", "cumsum(x == 1)", "1 * (x > 0)", "num_prev(x, x)")


def random_loop(chance: Random) -> str:
    """The text of a module whose ``program(x)`` has one loop or two, one after the other."""
    return _Writer(chance).program()


class _Writer:
    def __init__(self, chance: Random) -> None:
        self.chance = chance

    def program(self) -> str:
        lines = [f"    before = {self.expression(('x',), 2)}"]
        names = ["x", "before"]
        for number in range(self.chance.choice((1, 1, 2))):
            lines += self.loop(number, tuple(names))
            names.append(f"after{number}")
        lines.append(f"    return {self.expression(tuple(names[1:]), 1)}")
        return "def program(x):\n" + "\n".join(lines) + "\n"

    def loop(self, number: int, names: tuple[str, ...]) -> list[str]:
        states = ("s", "t")[: self.chance.choice((1, 2))]
        inside = (*states, *states, *names)
        steps = ", ".join(self.expression(inside, 2) for _ in states)
        initial = ", ".join(self.expression(names, 1) for _ in states)
        text = f"iterate(lambda {', '.join(states)}: ({steps}), ({initial}), {self.chance.choice(_TIMES)})"
        if len(states) == 1:
            return [f"    after{number} = iterate(lambda s: {steps}, {initial}, {self.chance.choice(_TIMES)})"]
        return [f"    one{number}, other{number} = {text}", f"    after{number} = (one{number} + 2 * other{number}) % 5"]

    def expression(self, names: tuple[str, ...], depth: int) -> str:
        """Ints from 0 to 4."""
        if depth == 0:
            return self.chance.choice((*names, *names, str(self.chance.randint(0, 3)) + " + 0 * x"))
        a, b, c = (self.expression(names, depth - 1) for _ in range(3))
        shapes = (
            f"(({a}) + ({b})) % {self.chance.randint(2, 5)}",
            f"where(({a}) {self.chance.choice(('==', '<', '>='))} ({b}), {c}, {a})",
            f"shift_right({a}, {self.chance.randint(1, 2)})",
            f"kqv({a}, {b}, {c}, {self.chance.choice(_PREDICATES)}, reduction='{self.chance.choice(('max', 'min'))}')",
            f"kqv({a}, {b}, {c}, {self.chance.choice(_PREDICATES)})",
            f"num_prev({a}, {b}) % {self.chance.randint(2, 4)}",
            f"maximum({a})",
            f"1 * (({a}) < ({b}))",
            f"index_select({a}, {b})",
        )
        return self.chance.choice(shapes)
