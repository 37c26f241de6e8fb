"""What the console prints for values, in the reference REPL's formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rasp.elaborate.functions import RaspFunction
from rasp.elaborate.kinds import MatrixResult, SequenceResult, Value
from rasp.elaborate.run import Settings
from rasp.errors import RaspError
from rasp.evaluate import Column, evaluate, evaluate_selector, sequence_text
from rasp.evaluate.convert import base_column, read_tokens
from rasp.graph.nodes import Atom
from rasp.repl.matrices import matrix_lines, two_rows
from rasp.repl.notation import DEEPEST, example_text, host_notation, quoted
from rasp.repl.paint import Paint
from rasp.syntax.ast import Subset
from rasp.values import Function, Selector, SOp, Tokens

_SKIPPED = "[skipped full display: identical values]"


@dataclass(frozen=True)
class Display:
    """Turns values into lines, under the settings of the moment."""

    settings: Settings
    paint: Paint

    def expression(self, name: str, value: Value) -> list[str]:
        """The value of an expression statement.

        Raises:
            RaspError: it is an s-op or a selector that has no value on the running example.
        """
        match value:
            case SOp():
                return [self._heading("s-op", name), *self._sop_example(name, value, "")]
            case Selector():
                return [self._heading("selector", name), *self._selector_example(value, "")]
            case _:
                return self.binding(name, value)

    def binding(self, name: str, value: Value) -> list[str]:
        """A new binding. That an s-op has no value on the running example is told in its place: the binding stands."""
        return list(self._item(name, value, "", "", 0))

    def result(self, result: SequenceResult | MatrixResult) -> list[str]:
        """What an s-op or a selector gave on an input."""
        equals = self.paint.general("\t = ")
        match result:
            case MatrixResult():
                return [equals, *matrix_lines(_items(result.tokens), result.matrix, "", self.paint)]
            case SequenceResult() if self.settings.full_display:
                return self._full(result.column, result.tokens, equals, "", "")
            case SequenceResult():
                return [f"{equals} {self.paint.value(sequence_text(result.column))}"]

    def examples(self, subset: Subset) -> list[str]:
        """The running examples."""
        lines: list[str] = []
        if subset != "selector":
            lines.append(self._example_line("s-op", self.settings.sop_example))
        if subset != "s-op":
            lines.append(self._example_line("selector", self.settings.selector_example))
        return lines

    def _example_line(self, kind: str, tokens: Tokens) -> str:
        heading = self.paint.general(f"\t{kind} example:")
        return f"{heading} {self.paint.value(example_text(tokens))}"

    def _heading(self, kind: str, name: str, indent: str = "", key: str = "") -> str:
        return self.paint.general(f"{indent} {key}    {kind}: {name}")

    def _item(self, name: str | None, value: Value, indent: str, key: str, depth: int) -> Iterator[str]:
        """A value under its name, or under the key of the dictionary that holds it."""
        match value:
            case SOp(label=label):
                yield self._heading("s-op", name or label, indent, key)
                yield from self._or_reason(name or label, value, indent)
            case Selector(label=label):
                yield self._heading("selector", name or label, indent, key)
                yield from self._or_reason(name or label, value, indent)
            case Function():
                yield self.paint.general(f"{indent} {key}    {function_text(value)}")
            case SequenceResult():
                yield self._value_line(name, sequence_text(value.column), indent, key)
            case MatrixResult():
                yield self._value_line(name, "", indent, key)
                yield from matrix_lines(_items(value.tokens), value.matrix, indent, self.paint)
            case list() | dict():
                yield from self._collection(name, value, indent, key, depth)
            case _:
                yield self._value_line(name, quoted(value), indent, key)

    def _value_line(self, name: str | None, text: str, indent: str, key: str) -> str:
        start = f"{indent} {key}   value: " if key else f"{indent}    value: "
        return f"{self.paint.general(start + _equals(name))} {self.paint.value(text)}"

    def _collection(
        self, name: str | None, value: list[Value] | dict[Atom, Value], indent: str, key: str, depth: int
    ) -> Iterator[str]:
        word, opening, closing, tabs = ("list", "[", "]", 2) if isinstance(value, list) else ("dict", "{", "}", 3)
        named = f"   {word}: {_equals(name)}"
        start = self.paint.general(f"{indent} {key} {named}")
        items = value if isinstance(value, list) else list(value.values())
        if depth > DEEPEST or not any(isinstance(item, list | dict | SOp | Selector | Function) for item in items):
            yield start + self.paint.value(host_notation(value, depth))
            return
        yield start + self.paint.general(f"{indent} {opening}")
        keys = [""] * len(items) if isinstance(value, list) else [f"{quoted(key)} : " for key in value]
        for key_text, item in zip(keys, items, strict=True):
            yield from self._item(None, item, indent + "\t" * tabs, key_text, depth + 1)
        yield self.paint.general(f"{indent}{' ' * (len(named) + 2)}{closing}")

    def _or_reason(self, name: str, value: SOp | Selector, indent: str) -> list[str]:
        """The example of a value, or why it has none."""
        try:
            return self._sop_example(name, value, indent) if isinstance(value, SOp) else self._selector_example(value, indent)
        except RaspError as error:
            tokens = self.settings.sop_example if isinstance(value, SOp) else self.settings.selector_example
            call = f"{indent} \t Example: {name}({example_text(tokens)})"
            return [f"{self.paint.general(call)} {self.paint.error(f'has no value: {error.message}')}"]

    def _sop_example(self, name: str, value: SOp, indent: str) -> list[str]:
        if not self.settings.show_sops:
            return []
        tokens = self.settings.sop_example
        column = evaluate(value.node, tokens)
        start = self.paint.general(f"{indent} \t Example:")
        call = self.paint.general(f"{name}(") + self.paint.value(example_text(tokens)) + self.paint.general(") =")
        if self.settings.full_display:
            return self._full(column, tokens, start, call, indent)
        return [f"{start} {call} {self.paint.value(sequence_text(column))}"]

    def _selector_example(self, value: Selector, indent: str) -> list[str]:
        if not self.settings.show_selectors:
            return []
        tokens = self.settings.selector_example
        matrix = evaluate_selector(value.node, tokens)
        return [self.paint.general(f"{indent} \t Example:"), *matrix_lines(_items(tokens), matrix, indent, self.paint)]

    def _full(self, column: Column, tokens: Tokens, start: str, call: str, indent: str) -> list[str]:
        """The display of ``full seq display on``; equal values are written once all the same."""
        if len(set(column.to_atoms())) == 1:
            return [f"{start} {call} {self.paint.value(sequence_text(column))} {self.paint.general(_SKIPPED)}"]
        return [start, *two_rows(_column(tokens), column, indent, self.paint)]


def function_text(function: Function) -> str:
    """``console function: f(a, b)``: the place that made a function, and how it is called."""
    creator = f"{function.creator} " if isinstance(function, RaspFunction) else ""
    return f"{creator}function: {function.name}({', '.join(function.parameters)})"


def _equals(name: str | None) -> str:
    return "" if name is None else f"{name} = "


def _items(tokens: Tokens) -> list[Atom]:
    return list(tokens)


def _column(tokens: Tokens) -> Column:
    """The input itself as a sequence."""
    items = read_tokens(tokens)
    return base_column("tokens_asis" if items.column is not None else "tokens_str", items)
