"""RASP-L functions: binding arguments, calling, and use from Python."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from collections.abc import Sequence as Items
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from rasp import atoms
from rasp.elaborate.raspl_values import Frame, Run, Scope, Sequence, Value, describe
from rasp.elaborate.recursion import deep_recursion
from rasp.errors import RaspTypeError, Source, Span, did_you_mean
from rasp.graph.nodes import Input
from rasp.values import Function, SOp, Tokens

Bound: TypeAlias = dict[str, Value]
Body: TypeAlias = Callable[[Bound, Frame, Span], Value]
"""What a function does with its bound arguments, the caller's frame and the span of the call."""

_KEPT_SOPS = 128
"""How many functions' s-ops are kept, so that calling a function again does not elaborate it again."""


class Required:
    """Stands where a parameter has no default."""


REQUIRED = Required()


@dataclass(frozen=True)
class Slot:
    """A parameter; ``stars`` is 1 for ``*args`` and 2 for ``**kwargs``."""

    name: str
    default: Value | Required = REQUIRED
    stars: Literal[0, 1, 2] = 0


@dataclass(frozen=True, eq=False)
class RaspLFunction(Function):
    """A function of a RASP-L program, of its library or of the core.

    As a program it takes one sequence and gives one; its other parameters are constants.
    """

    name: str
    parameters: tuple[str, ...]
    slots: tuple[Slot, ...]
    body: Body
    span: Span | None = None

    def __repr__(self) -> str:
        return f"<function {self.name}({', '.join('*' * slot.stars + slot.name for slot in self.slots)})>"

    def sop(self, **constants: Any) -> SOp:
        """The s-op that the function makes of the input; elaborated once for the same constants.

        Args:
            constants: values of further parameters; those that have a default can be left out.

        Raises:
            RaspTypeError: the function takes no sequence, lacks a constant, or gives no sequence.
            RaspError: its body is no RASP-L.
        """
        return _sop(self, **{name: atoms.from_host(value) for name, value in constants.items()})

    def __call__(self, tokens: Tokens, **constants: Any) -> list[Any]:
        """The program's values on a sequence of ints: ints, or bools where it ends in a comparison."""
        from rasp.evaluate import evaluate

        return evaluate(self.sop(**constants).node, tokens, allow_empty=True).to_list()

    def generate(self, prompt: Tokens, *, stop: int, max_new_tokens: int = 256, **constants: Any) -> list[int]:
        """The prompt and what the program adds to it, token by token (see ``rasp.generate``)."""
        from rasp.generate import generate

        return generate(self.sop(**constants), prompt, stop=stop, max_new_tokens=max_new_tokens)


@functools.lru_cache(maxsize=_KEPT_SOPS, typed=True)
def _sop(callee: RaspLFunction, /, **given: Value) -> SOp:
    span = callee.span or _nowhere(callee.name)
    source = Sequence(Input("tokens_int", span=span), "int")
    _check_is_program(callee, given, span)
    with deep_recursion():
        result = call(callee, [source], given, Frame(Scope({}), Run()), span)
    if not isinstance(result, Sequence):
        hint = "write full(x, c) for a constant sequence" if isinstance(result, int) else "return a sequence"
        raise RaspTypeError(f"'{callee.name}' gives {describe(result)}, no sequence", span, hint=hint)
    return SOp(result.node, callee.name, label=callee.name)


def _check_is_program(callee: RaspLFunction, given: dict[str, Value], span: Span) -> None:
    plain = [slot for slot in callee.slots if slot.stars == 0]
    missing = [slot.name for slot in plain[1:] if isinstance(slot.default, Required) and slot.name not in given]
    if not callee.slots or callee.slots[0].stars == 2 or (plain and plain[0].name in given):
        raise RaspTypeError(f"'{callee.name}' takes no sequence: its first parameter is the input", span)
    if missing:
        names = ", ".join(missing)
        hint = f"give them as keyword arguments, as in {missing[0]}=1; on the command line, --set {missing[0]}=1"
        raise RaspTypeError(f"'{callee.name}' needs constants for {names}", span, hint=hint)


def function(name: str, slots: tuple[Slot, ...], body: Body, span: Span | None = None) -> RaspLFunction:
    return RaspLFunction(name, tuple(slot.name for slot in slots), slots, body, span)


def call(callee: RaspLFunction, positional: Items[Value], keywords: dict[str, Value], frame: Frame, span: Span) -> Value:
    """The value of a call.

    Raises:
        RaspTypeError: the arguments do not fit the parameters.
    """
    return callee.body(_bind(callee, positional, keywords, frame.at(span)), frame, span)


def _bind(callee: RaspLFunction, positional: Items[Value], keywords: dict[str, Value], span: Span) -> Bound:
    places = [slot.name for slot in itertools.takewhile(lambda slot: slot.stars == 0, callee.slots)]
    plain = [slot.name for slot in callee.slots if slot.stars == 0]
    bound: Bound = dict(zip(places, positional, strict=False))
    extra = tuple(positional[len(places) :])
    others: dict[str, Value] = {}
    for name, value in keywords.items():
        if name in bound:
            raise RaspTypeError(f"'{callee.name}' gets two values for '{name}'", span)
        (bound if name in plain else others)[name] = value
    for slot in callee.slots:
        match slot.stars:
            case 0 if slot.name not in bound:
                bound[slot.name] = _default(callee, slot, span)
            case 0:
                pass
            case 1:
                bound[slot.name], extra = extra, ()
            case 2:
                bound[slot.name], others = others, {}
    if extra:
        plural = "" if len(places) == 1 else "s"
        raise RaspTypeError(f"'{callee.name}' takes {len(places)} argument{plural}, not {len(positional)}", span)
    if others:
        name = next(iter(others))
        raise RaspTypeError(f"'{callee.name}' has no parameter '{name}'", span, hint=did_you_mean(name, plain))
    return bound


def _default(callee: RaspLFunction, slot: Slot, span: Span) -> Value:
    if isinstance(slot.default, Required):
        hint = f"its parameters are {', '.join(callee.parameters)}"
        raise RaspTypeError(f"'{callee.name}' needs an argument for '{slot.name}'", span, hint=hint)
    return slot.default


def _nowhere(name: str) -> Span:
    return Source("<core>", name).span(0, len(name))
