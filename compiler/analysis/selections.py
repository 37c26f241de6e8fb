"""What selectors provably select, whatever the input: how many keys, and which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from compiler.analysis.elementwise import Function, is_index
from compiler.analysis.numbering import numbers
from compiler.analysis.selectors import (
    EQUAL,
    EVERYTHING,
    Conjunction,
    Relation,
    Sum,
    TooManyTerms,
    alternatives,
    is_prefix,
    is_reflexive,
    ranks_distinctly,
    selects_first,
    terms,
)
from compiler.errors import CompileError
from compiler.target import Target
from rasp.errors import Span
from rasp.graph.nodes import Atom, Node, Selector, SelectorWidth, Sop


class Selections:
    """Facts about selectors, for the inputs of one target. All raise ``CompileError`` for a selector that is too large."""

    def __init__(self, target: Target, spans: Mapping[Node, Span]) -> None:
        self._longest = target.max_length
        self._spans = spans
        self._terms: dict[Selector, Sum] = {}
        self._columns: dict[Sop, list[Atom | None] | None] = {}

    def terms(self, selector: Selector) -> Sum:
        """The selector as a combination of conjunctions."""
        if selector not in self._terms:
            with self._bounded(selector):
                self._terms[selector] = terms(selector)
        return self._terms[selector]

    def alternatives(self, selector: Selector) -> list[Conjunction]:
        """The selector as a union of conjunctions, which may overlap."""
        with self._bounded(selector):
            return alternatives(selector)

    @contextmanager
    def _bounded(self, selector: Selector) -> Iterator[None]:
        try:
            yield
        except TooManyTerms:
            message = "this selector is a combination of too many comparisons to be written as attention heads"
            raise CompileError(message, self._spans.get(selector), hint="join fewer selectors with 'and' and 'or'") from None

    def width_range(self, selector: Selector) -> tuple[int, int]:
        """The least and the largest number of keys that one query can select."""
        combination = self.terms(selector)
        if not combination:
            return 0, 0
        most = 1 if self.selects_one(selector) else self._longest
        match list(combination.items()):
            case [(conjunction, 1)] if all(is_reflexive(relation, outcomes) for relation, outcomes in conjunction):
                return 1, most
            case [(conjunction, 1)] if all(map(selects_first, conjunction)):
                return 1, most
            case _:
                return 0, most

    def selects_one(self, selector: Selector) -> bool:
        """Whether every query provably selects at most one key: it asks for one value of what differs at all the keys left."""
        match list(self.terms(selector).items()):
            case []:
                return True
            case [(conjunction, 1)] if conjunction != EVERYTHING:
                return self._is_injective(conjunction)
            case _:
                return False

    def _is_injective(self, conjunction: Conjunction) -> bool:
        keys = (relation.key for relation, outcomes in conjunction if outcomes == EQUAL and relation.body is None)
        return any(self.is_distinct(key) or numbers(key, conjunction, self.terms) for key in keys)

    def looks_back(self, conjunction: Conjunction) -> bool:
        """Whether a conjunction provably selects no key after its query."""
        return any(is_prefix(relation, outcomes) or self._finds_earlier(relation, outcomes) for relation, outcomes in conjunction)

    def _finds_earlier(self, relation: Relation, outcomes: int) -> bool:
        """Whether equality of two functions of the index holds only for keys up to the query."""
        columns = [self._of_index(node) for node in (relation.key, relation.query)]
        if outcomes != EQUAL or relation.body is not None or None in columns:
            return False
        keys, queries = (column or () for column in columns)
        last = {key: index for index, key in enumerate(keys) if key is not None}
        return all(query is None or last.get(query, -1) <= index for index, query in enumerate(queries))

    def is_distinct(self, node: Sop) -> bool:
        """Whether an s-op provably has a different value at every position."""
        match node:
            case SelectorWidth(selector=selector):
                return ranks_distinctly(self.terms(selector), self.is_distinct)
        column = self._of_index(node)
        return column is not None and None not in column and len(set(column)) == self._longest

    def _of_index(self, node: Sop) -> list[Atom | None] | None:
        """The value at each index, of an s-op that depends on nothing else; None in it where that is undefined."""
        if node not in self._columns:
            self._columns[node] = self._column(Function.of(node))
        return self._columns[node]

    def _column(self, function: Function) -> list[Atom | None] | None:
        if not all(map(is_index, function.sources)):
            return None
        return [function.at(dict.fromkeys(function.leaves, index)) for index in range(self._longest)]
