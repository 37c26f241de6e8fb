"""Reads the text form of a graph (``rasp.graph.text`` writes it)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar, cast, get_args

from rasp import atoms, limits
from rasp.errors import RaspError, RaspLimitError, RaspSyntaxError, Source, Span
from rasp.graph.nodes import (
    SELECTOR_TYPES,
    Aggregate,
    Atom,
    Carried,
    Compare,
    Comparison,
    Const,
    Input,
    InputName,
    Iterate,
    Lookup,
    Loop,
    Map,
    Node,
    Op,
    Param,
    ParamRole,
    Predicate,
    Reduction,
    Selector,
    SelectorAnd,
    SelectorNot,
    SelectorOr,
    SelectorWidth,
    Sop,
    topological,
)

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\n]+)
      | (?P<ref>%[0-9]+)
      | (?P<string>"(?:[^"\\\r\n]|\\["\\]|\\u\{[0-9a-f]{1,6}\})*")
      | (?P<number>-?(?:0x[0-9a-f]+|[0-9]+)(?:/(?:0x[0-9a-f]+|[0-9]+))?)
      | (?P<word>[A-Za-z_]+)
      | (?P<sign>[=!<>]=|//|[=<>+\-*/%^&|~(),\[\]{}:])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r'\\(?:(["\\])|u\{([0-9a-f]+)\})')
_SOPS_READ = dict.fromkeys((Op.NOT, Op.NEG, Op.POS, Op.ABS, Op.INVERT, Op.ROUND, Op.TRUNC, Op.INDICATOR, Op.IN), 1) | {Op.IF: 3}
"""How many s-ops an operator reads, where it isn't two; ``in`` reads that many or more."""
_INPUTS: tuple[InputName, ...] = get_args(InputName)
_ROLES: tuple[ParamRole, ...] = get_args(ParamRole)
_REDUCTIONS: dict[str, Reduction] = {name: name for name in get_args(Reduction)}
_LONGEST_DECIMAL = 4_000
"""Digits of a decimal integer; longer ones are written in base 16."""


def parse_graph(text: str, *, name: str = "<graph>") -> Node:
    """The node of the last line of a graph's text form.

    Args:
        name: what errors call the text.

    Raises:
        RaspSyntaxError: the text is no graph.
        RaspLimitError: the text, or a number in it, is too large.
    """
    source = Source(name, text)
    if len(text) > limits.SOURCE_CHARACTERS:
        size = f"the graph has {len(text):,} characters; the limit is {limits.SOURCE_CHARACTERS:,}"
        raise RaspLimitError(size, source.span(0, 0))
    return _Reader(list(_tokens(source))).graph()


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    span: Span


def _tokens(source: Source) -> Iterator[_Token]:
    position = 0
    while position < len(source.text):
        match = _TOKEN.match(source.text, position)
        if match is None:
            raise RaspSyntaxError("this can't stand in the text of a graph", source.span(position, position + 1))
        if match.lastgroup != "blank":
            yield _Token(cast(str, match.lastgroup), match.group(), source.span(*match.span()))
        position = match.end()
    yield _Token("end", "the end of the text", source.span(position, position))


Choice = TypeVar("Choice", bound=str)
Item = TypeVar("Item")


@dataclass
class _Reader:
    """The tokens of a text, read from left to right, and the nodes of the lines read."""

    tokens: list[_Token]
    position: int = 0
    nodes: dict[str, Node] = field(default_factory=dict)

    def graph(self) -> Node:
        node = self.line()
        while self.peek().kind != "end":
            node = self.line()
        outside = topological(node)
        if any(isinstance(read, Param) for read in outside):
            raise RaspSyntaxError("'key' and 'query' occur only in the body of a predicate", self.peek().span)
        if any(isinstance(read, Carried) for read in outside):
            raise RaspSyntaxError("'carried' occurs only in the steps of a loop", self.peek().span)
        return node

    def line(self) -> Node:
        target = self.take("ref", "a line such as '%1 = indices'")
        if target.text in self.nodes:
            raise RaspSyntaxError(f"{target.text} is defined twice", target.span)
        self.sign("=")
        node = self.node()
        self.nodes[target.text] = node
        return node

    def node(self) -> Node:
        token = self.peek()
        if token.kind in ("number", "string") or token.text in ("True", "False"):
            return Const(self.atom())
        head = self.choice((*_INPUTS, *_ROLES, *_FORMS), "word")
        if head in _INPUTS:
            return Input(head)
        if head in _ROLES:
            return Param(head)
        self.sign("(")
        node = _FORMS[head](self)
        self.sign(")")
        return node

    # The parts of a line

    def peek(self) -> _Token:
        return self.tokens[self.position]

    def fail(self, *expected: str) -> RaspSyntaxError:
        token = self.peek()
        shown = token.text if token.kind == "end" else f"'{token.text[:40]}'"
        return RaspSyntaxError(f"unexpected {shown}", token.span, expected=expected)

    def take(self, kind: str, *expected: str) -> _Token:
        token = self.peek()
        if token.kind != kind:
            raise self.fail(*expected)
        self.position += 1
        return token

    def sign(self, text: str) -> None:
        if self.peek().text != text or self.peek().kind != "sign":
            raise self.fail(f"'{text}'")
        self.position += 1

    def at(self, sign: str) -> bool:
        return self.peek().kind == "sign" and self.peek().text == sign

    def choice(self, choices: tuple[Choice, ...], *kinds: str) -> Choice:
        token = self.peek()
        if token.kind not in kinds or token.text not in choices:
            raise self.fail(*choices)
        self.position += 1
        return choices[choices.index(cast(Choice, token.text))]

    def read(self) -> Node:
        token = self.take("ref", "a node such as '%1'")
        if token.text not in self.nodes:
            raise RaspSyntaxError(f"{token.text} is not defined above", token.span)
        return self.nodes[token.text]

    def sop(self) -> Sop:
        span = self.peek().span
        node = self.read()
        if isinstance(node, SELECTOR_TYPES):
            raise RaspSyntaxError("this is a selector; an s-op is needed", span)
        return node

    def selector(self) -> Selector:
        span = self.peek().span
        node = self.read()
        if not isinstance(node, SELECTOR_TYPES):
            raise RaspSyntaxError("this is an s-op; a selector is needed", span)
        return node

    def body(self) -> Sop:
        span = self.peek().span
        node = self.sop()
        if not all(isinstance(read, Const | Map | Lookup | Param) for read in topological(node)):
            raise RaspSyntaxError("the body of a predicate reads key, query and constants only", span)
        return node

    def atom(self) -> Atom:
        token = self.peek()
        self.position += 1
        match token.kind:
            case "string":
                return _ESCAPE.sub(lambda escape: _unescaped(escape, token.span), token.text[1:-1])
            case "number":
                return _number(token)
            case "word" if token.text in ("True", "False"):
                return token.text == "True"
            case _:
                self.position -= 1
                raise self.fail("a number", "a string", "True", "False")

    def natural(self) -> int:
        """A number that counts from 0."""
        token = self.take("number", "a number such as 0")
        if not token.text.isdecimal() or len(token.text) > 9:
            raise RaspSyntaxError("a place in a list is wanted here", token.span)
        return int(token.text)

    def items(self, end: str, read: Callable[[], Item]) -> tuple[Item, ...]:
        """What stands between a bracket and its end, comma by comma."""
        found: list[Item] = []
        while not self.at(end):
            if found:
                self.sign(",")
            found.append(read())
        self.sign(end)
        return tuple(found)

    def pair(self) -> tuple[Atom, Atom]:
        key = self.atom()
        self.sign(":")
        return key, self.atom()


def _map(reader: _Reader) -> Map:
    span = reader.peek().span
    op = reader.choice(tuple(Op), "sign", "word")
    args: list[Sop] = []
    while reader.at(","):
        reader.sign(",")
        args.append(reader.sop())
    wanted = _SOPS_READ.get(op, 2)
    if len(args) != wanted and (op is not Op.IN or not args):
        least = "at least " if op is Op.IN else ""
        raise RaspSyntaxError(f"'{op}' reads {least}{wanted} s-op{'s' if wanted > 1 else ''}, not {len(args)}", span)
    return Map(op, tuple(args))


def _lookup(reader: _Reader) -> Lookup:
    keys: tuple[Atom, ...] | None = None
    if reader.at("{"):
        reader.sign("{")
        pairs = reader.items("}", reader.pair)
        keys, values = tuple(key for key, _ in pairs), tuple(value for _, value in pairs)
    else:
        reader.sign("[")
        values = reader.items("]", reader.atom)
    reader.sign(",")
    return Lookup(keys, values, reader.sop())


def _aggregate(reader: _Reader) -> Aggregate:
    selector = reader.selector()
    reader.sign(",")
    value = reader.sop()
    reader.sign(",")
    reduction = _REDUCTIONS[reader.choice(tuple(_REDUCTIONS), "word")]
    reader.sign(",")
    return Aggregate(selector, value, reader.atom(), reduction)


def _two(reader: _Reader, read: Callable[[], Item]) -> tuple[Item, Item]:
    left = read()
    reader.sign(",")
    return left, read()


def _select(reader: _Reader) -> Compare:
    key, query = _two(reader, reader.sop)
    reader.sign(",")
    return Compare(key, query, reader.choice(tuple(Comparison), "sign"))


def _predicate(reader: _Reader) -> Predicate:
    key, query = _two(reader, reader.sop)
    reader.sign(",")
    return Predicate(key, query, reader.body())


def _iterate(reader: _Reader) -> Iterate:
    reader.sign("[")
    span = reader.peek().span
    steps = reader.items("]", reader.sop)
    reader.sign(",")
    reader.sign("[")
    carried = reader.items("]", reader.sop)
    reader.sign(",")
    times = reader.sop()
    reader.sign(",")
    index = reader.natural()
    read = [node.index for node in topological(*steps) if isinstance(node, Carried)]
    if not index < len(steps) <= len(carried) or max(read, default=0) >= len(carried):
        raise RaspSyntaxError("a loop reads or gives a sequence that it does not carry", span)
    return Iterate(Loop(steps, carried, times), index)


_FORMS: dict[str, Callable[[_Reader], Node]] = {
    "map": _map,
    "lookup": _lookup,
    "aggregate": _aggregate,
    "width": lambda reader: SelectorWidth(reader.selector()),
    "select": _select,
    "predicate": _predicate,
    "carried": lambda reader: Carried(reader.natural()),
    "iterate": _iterate,
    "not": lambda reader: SelectorNot(reader.selector()),
    "and": lambda reader: SelectorAnd(*_two(reader, reader.selector)),
    "or": lambda reader: SelectorOr(*_two(reader, reader.selector)),
}


def _unescaped(escape: re.Match[str], span: Span) -> str:
    plain, code = escape.groups()
    if plain:
        return plain
    if int(code, 16) > 0x10FFFF:
        raise RaspSyntaxError(f"there is no character {code}", span)
    return chr(int(code, 16))


def _number(token: _Token) -> Atom:
    numerator, _, denominator = token.text.partition("/")
    try:
        if not denominator:
            return cast(int, atoms.check_size(_integer(numerator)))
        if _integer(denominator) == 0:
            raise RaspSyntaxError("a fraction over zero", token.span)
        return atoms.check_size(Fraction(_integer(numerator), _integer(denominator)))
    except RaspError as error:
        raise error.located(token.span) from None


def _integer(text: str) -> int:
    if "0x" in text:
        return int(text, 16)
    if len(text) > _LONGEST_DECIMAL:
        raise RaspLimitError(f"a decimal number of {len(text):,} digits; write it in base 16, as 0x…")
    return int(text)
