"""Random RASP programs: mostly well typed, sometimes not, over every operator and statement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

KINDS = ("int", "float", "bool", "string")
COMPARATORS = ("==", "!=", "<", ">", "<=", ">=")
TOKENS = "abc"
CONTAINERS = ('["a", "b"]', '["c"]', "[]", '["ab", 1]')


@dataclass(frozen=True)
class RandomProgram:
    """Statements, one a line, and the name of the s-op or selector that they end in."""

    statements: tuple[str, ...]
    result: str
    inputs: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.statements) + "\n"


def random_program(seed: int) -> RandomProgram:
    """The program of a seed."""
    return _Generator(Random(seed)).program()


@dataclass
class _Generator:
    random: Random
    names: dict[str, list[str]] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)

    def program(self) -> RandomProgram:
        for _ in range(self.random.randint(1, 5)):
            self.random.choice(
                (self.assign,) * 4
                + (self.function, self.two_values, self.loop, self.comprehension, self.pair, self.data, self.lazy)
            )()
        kind = self.random.choice((*KINDS, "int", "selector"))
        self.statements.append(f"result = {self.of_kind(kind, 4)};")
        lengths = [self.random.randint(1, 4), self.random.randint(3, 8), self.random.randint(1, 6)]
        inputs = tuple("".join(self.random.choices(TOKENS, k=length)) for length in lengths)
        return RandomProgram(tuple(self.statements), "result", inputs)

    # Statements

    def new(self, kind: str) -> str:
        name = f"v{len(self.statements)}"
        self.names.setdefault(kind, []).append(name)
        return name

    def assign(self) -> None:
        kind = self.random.choice((*KINDS, "int", "selector"))
        value = self.of_kind(kind, 3)
        self.statements.append(f"{self.new(kind)} = {value};")

    def pair(self) -> None:
        kinds = self.random.choices(KINDS, k=2)
        values = [self.of_kind(kind, 2) for kind in kinds]
        number = len(self.statements)
        targets = [f"v{number}a", f"v{number}b"]
        self.statements.append(f"{', '.join(targets)} = {', '.join(values)};")
        for kind, target in zip(kinds, targets, strict=True):
            self.names.setdefault(kind, []).append(target)

    def data(self) -> None:
        """Atoms, computed at once."""
        kind = self.random.choice(KINDS)
        value = {
            "int": lambda: self.random.choice(("2*3-4", "7%4*2", "-2^2", "len([1,2,3])", "round(2.5)", "1 if 2>1 else 0")),
            "float": lambda: self.random.choice(("1/2", "2^-1", "3*0.5", "7.5%2", "4/2")),
            "bool": lambda: self.random.choice(("not 1==2", "1 in [1,2]", "1<2<3", "True and not False", '"a"=="b" or 3>2')),
            "string": lambda: self.random.choice(('"a"+"b"', '"ab"[1]', '"a"*2', '"" or "b"')),
        }[kind]()
        self.statements.append(f"{self.new(kind)} = {value};")

    def function(self) -> None:
        kind, parameter, given = (self.random.choice(KINDS) for _ in range(3))
        name = f"f{len(self.statements)}"
        inner = _Generator(self.random, {key: list(value) for key, value in self.names.items()})
        inner.names.setdefault(parameter, []).extend(["x", "x"])
        local = inner.of_kind("bool", 1)
        inner.names.setdefault("bool", []).append("y")
        body = f"y = {local}; return {inner.of_kind(kind, 2)};"
        self.statements.append(f"def {name}(x) {{ {body} }}")
        argument = self.of_kind(given if self.random.random() < 0.1 else parameter, 2)
        self.statements.append(f"{self.new(kind)} = {name}({argument});")

    def two_values(self) -> None:
        """A nested function that gives two values, one of them by recursion."""
        kinds = self.random.choices(KINDS, k=2)
        number = len(self.statements)
        values = [self.of_kind(kind, 1) for kind in kinds]
        inner = f"def g(n) {{ return {values[0]} if n == 0 else g(n - 1); }}"
        self.statements.append(f"def f{number}() {{ {inner} return g({self.random.randint(0, 3)}), {values[1]}; }}")
        self.statements.append(f"v{number}a, v{number}b = f{number}();")
        for kind, suffix in zip(kinds, "ab", strict=True):
            self.names.setdefault(kind, []).append(f"v{number}{suffix}")

    def lazy(self) -> None:
        """A conditional on an atom chooses between values of any kind; the other is not evaluated."""
        kind = self.random.choice((*KINDS, "selector"))
        value, condition = self.of_kind(kind, 2), self.random.choice(("1 > 2", "[]", '"a"', "0.0", "not 0", "{1: 2}"))
        self.statements.append(f"{self.new(kind)} = [{value}, {value}][0] if {condition} else {self.of_kind(kind, 1)};")

    def loop(self) -> None:
        kind = self.random.choice(("int", "bool", "string"))
        operator = {"int": "+", "bool": self.random.choice(("or", "and")), "string": "+"}[kind]
        start, name = self.of_kind(kind, 1), self.new(kind)
        self.statements.append(f"{name} = {start};")
        items = ", ".join(self.atom("int") for _ in range(self.random.randint(0, 3)))
        inner = _Generator(self.random, {**self.names, "int": [*self.names.get("int", []), "i"]})
        head = self.random.choice(
            ("i in [{0}]", "i, j in zip([{0}], [{0}])", "i in {{k: 0 for k in [{0}]}}", "i in [k * 2 for k in [{0}]]")
        )
        body = f"{name} = {name} {operator} ({inner.of_kind(kind, 1)});"
        self.statements.append(f"for {head.format(items)} {{ {body} }}")

    def comprehension(self) -> None:
        """A list or a dictionary of s-ops, taken apart again."""
        kind = self.random.choice(KINDS)
        inner = _Generator(self.random, {**self.names, "int": [*self.names.get("int", []), "i"]})
        value = inner.of_kind(kind, 2)
        number, name = len(self.statements), self.new(kind)
        form = self.random.choice(
            ("[{0} for i in range(3)][{1}]", "{{i: {0} for i in [0, 1, 2]}}[{1}]", "zip([{0} for i in [1]], [0])[0][0]")
        )
        self.statements.append(f"c{number} = {form.format(value, self.random.randint(0, 2))};")
        self.statements.append(f"{name} = c{number};")

    # Expressions

    def of_kind(self, kind: str, depth: int) -> str:
        if kind == "selector":
            return self.selector(depth)
        if self.random.random() < 0.03:
            kind = self.random.choice(KINDS)
        known = self.names.get(kind, [])
        if known and self.random.random() < 0.35:
            return self.random.choice(known)
        if depth <= 0:
            return self.leaf(kind)
        text = self.random.choice(self.makers(kind))(depth - 1)
        return f"({text})" if self.random.random() < 0.85 else text

    def subject(self, kind: str) -> str:
        """What is indexed: seldom in brackets, where the reference crashes."""
        bare = self.random.choice(self.names.get(kind) or ["tokens" if kind == "string" else "indices"])
        return f"({self.of_kind(kind, 1)})" if self.random.random() < 0.05 else bare

    def atom(self, kind: str) -> str:
        choices = {
            "int": ("0", "1", "2", "3", "-1", "-2", "5"),
            "float": ("0.5", "1.5", "-0.25", "2.0"),
            "bool": ("True", "False"),
            "string": ('"a"', '"b"', '"c"', '"ab"', '""'),
        }
        return self.random.choice(choices[kind])

    def leaf(self, kind: str) -> str:
        sops = {
            "int": ("indices", "length", "indices", '(tokens=="a")+0'),
            "float": ("(indices/2)", "average(indices)", "(indices+0.5)"),
            "bool": ('(tokens=="a")', "(indices>1)", '("b" in tokens)', '(tokens in ["a","c"])'),
            "string": ("tokens", "tokens", "tokens_str", "tokens[0]"),
        }
        return self.random.choice(sops[kind]) if self.random.random() < 0.8 else self.atom(kind)

    def makers(self, kind: str) -> list[Callable[[int], str]]:
        choose = self.random.choice
        value = self.of_kind
        common: list[Callable[[int], str]] = [
            lambda d: f"{value(kind, d)} if {value('bool', d)} else {value(kind, d)}",
            lambda d: f"aggregate({self.single(d)}, {value(kind, d)}, {self.atom(kind)})",
            lambda d: f"load_from_location({value(kind, d)}, {value('int', 0)})",
            lambda d: f"{self.subject(kind)}[{choose(('0', '1', '-1', '2'))}]",
            lambda d: f"{choose(('max', 'min'))}({value(kind, d)}, {value(kind, d)})",
        ]
        return common + self.special_makers(kind)

    def special_makers(self, kind: str) -> list[Callable[[int], str]]:
        choose = self.random.choice
        value = self.of_kind
        match kind:
            case "int":
                return [
                    lambda d: f"{value('int', d)} {choose('+-*')} {value('int', d)}",
                    lambda d: f"{value('int', d)} % {choose(('2', '3', '4'))}",
                    lambda d: f"round({value('float', d)})",
                    lambda d: f"indicator({value(choose(KINDS), d)} {choose(('and', 'or'))} indices >= 1)",
                    lambda d: f"selector_width({self.selector(d)})",
                    lambda d: f"count({value('string', d)}, {self.atom('string')})",
                    lambda d: f"[3, 1, 2][{value('int', d)} % 3]",
                    lambda d: f"{{0: 4, 1: -1}}[{value('int', d)} % 2]",
                    lambda d: f"-{value('int', d)}",
                    lambda d: f"{value('int', d)} ^ {choose(('2', '3'))}",
                ]
            case "float":
                return [
                    lambda d: f"{value('int', d)} / {choose(('2', '4', '3', '(indices+1)', 'length'))}",
                    lambda d: f"aggregate({self.selector(d)}, {value(choose(('int', 'float')), d)})",
                    lambda d: f"{value('float', d)} {choose('+-*')} {value(choose(('int', 'float')), d)}",
                    lambda d: f"average({value('int', d)})",
                    lambda d: f"{value('float', d)} % 2.5",
                    lambda d: f"({value('int', d)}) ^ {choose(('0.5', '-1', '2.0'))}",
                ]
            case "bool":
                return [
                    lambda d: f"{value('int', d)} {choose(('==', '<', '<=', '>', '>='))} {value(choose(('int', 'float')), d)}",
                    lambda d: f"{value('string', d)} {choose(('==', '<', '>='))} {value('string', d)}",
                    lambda d: f"{value('bool', d)} {choose(('and', 'or'))} {value('bool', d)}",
                    lambda d: f"not {value('bool', d)}",
                    lambda d: f"{value('string', d)} in {choose(CONTAINERS)}",
                    lambda d: f"{self.atom('string')} in {value('string', d)}",
                    lambda d: f"has_focus({self.selector(d)})",
                    lambda d: f"contains({value('int', d)}, {self.atom('int')})",
                    lambda d: f"mark_first_instance({value('string', d)}, {self.atom('string')})",
                ]
            case _:
                return [
                    lambda d: f"{value('string', d)} + {value('string', d)}",
                    lambda d: f"{value('string', d)} * {choose(('2', '0', 'indices'))}",
                    lambda d: f'"xyz"[{value("int", d)} % 3]',
                    lambda d: f"shift({value('string', d)}, {choose(('1', '-1', '2'))}, {self.atom('string')})",
                    lambda d: f"sort({value('string', d)}, {value(choose(('int', 'string')), d)})",
                ]

    def selector(self, depth: int) -> str:
        known = self.names.get("selector", [])
        if known and self.random.random() < 0.3:
            return self.random.choice(known)
        roll = self.random.random()
        if depth <= 0 or roll < 0.5:
            return self.select(depth - 1)
        if roll < 0.65:
            return f"(not {self.selector(depth - 1)})"
        if roll < 0.72:
            return self.random.choice(("full_s", "select_next_identical(tokens)", 'select_from_last(tokens, "a")'))
        return f"({self.selector(depth - 1)} {self.random.choice(('and', 'or'))} {self.selector(depth - 1)})"

    def select(self, depth: int) -> str:
        kind = self.random.choice(("int", "int", "string", "bool"))
        sides = [self.of_kind(kind, depth), self.of_kind(kind, depth)]
        if self.random.random() < 0.2:
            sides[self.random.randint(0, 1)] = self.atom(kind)
        return f"select({', '.join(sides)}, {self.random.choice(COMPARATORS)})"

    def single(self, depth: int) -> str:
        """A selector that mostly selects at most one position, as means of strings and bools are undefined."""
        if self.random.random() < 0.1:
            return self.selector(depth)
        target = self.random.choice(("indices+1", "indices-1", "length-1-indices", "0", "2"))
        return f"select(indices, {target}, ==)"
