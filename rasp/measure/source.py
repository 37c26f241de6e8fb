"""The length of the text behind an s-op: tokens and syntax-tree nodes of the statements that it needs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from lark import Lark

from rasp.graph.nodes import Node, topological
from rasp.syntax import ast
from rasp.syntax.parser import rasp_grammar
from rasp.syntax.tokens import tokenize


@dataclass(frozen=True)
class TextMeasures:
    """Lengths of a program's text; comments and layout count for nothing.

    Attributes:
        tokens: of the statements that the s-op needs.
        ast_nodes: of the same statements.
        total_tokens: of the whole program.
        total_ast_nodes: of the whole program.
    """

    tokens: int
    ast_nodes: int
    total_tokens: int
    total_ast_nodes: int


def text_measures(root: Node, name: str | None, program: ast.Program) -> TextMeasures:
    """Measure the statements that a graph needs, and the whole program.

    Args:
        name: what the program calls the s-op, if it has a name.
    """
    tokens = _tokens_by_statement(program)
    nodes = [sum(1 for _ in walk(statement)) for statement in program.statements]
    needed = needed_statements(root, name, program)
    return TextMeasures(
        tokens=sum(tokens[place] for place in needed),
        ast_nodes=sum(nodes[place] for place in needed),
        total_tokens=sum(tokens),
        total_ast_nodes=sum(nodes),
    )


def _tokens_by_statement(program: ast.Program) -> list[int]:
    counts = [0] * len(program.statements)
    for token in tokenize(_grammar(program.dialect), program.source):
        place = statement_at(program, token.start)
        if place is not None:
            counts[place] += 1
    return counts


def _grammar(dialect: ast.Dialect) -> Lark:
    if dialect == "rasp":
        return rasp_grammar()
    from rasp.syntax import raspl_parser  # loaded only where a program needs it

    return raspl_parser.grammar()


def needed_statements(root: Node, name: str | None, program: ast.Program) -> set[int]:
    """The places of the top-level statements that a graph needs.

    These are the statements in which the graph has spans, those that bind the s-op's name, and those that bind a name which
    a needed statement reads.
    """
    pending = {place for node in topological(root) if (place := _place_of(node, program)) is not None}
    binders: dict[str, set[int]] = {}
    for place, statement in enumerate(program.statements):
        for bound in bound_names(statement):
            binders.setdefault(bound, set()).add(place)
    pending |= binders.get(name, set()) if name else set()
    needed: set[int] = set()
    while pending:
        place = pending.pop()
        needed.add(place)
        for read in free_names(program.statements[place]):
            pending |= binders.get(read, set()) - needed
    return needed


def _place_of(node: Node, program: ast.Program) -> int | None:
    span = node.span
    return statement_at(program, span.start) if span is not None and span.source is program.source else None


def statement_at(program: ast.Program, offset: int) -> int | None:
    """The place of the top-level statement that covers a character offset."""
    place = bisect_right(program.statements, offset, key=lambda statement: statement.span.start) - 1
    return place if place >= 0 and offset < program.statements[place].span.end else None


def subtrees(tree: ast.Tree) -> Iterator[ast.Tree]:
    """The trees directly below a tree."""
    for field in fields(tree):
        yield from _trees_in(getattr(tree, field.name))


def _trees_in(value: object) -> Iterator[ast.Tree]:
    if isinstance(value, ast.Tree):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _trees_in(item)


def walk(tree: ast.Tree) -> Iterator[ast.Tree]:
    """A tree and all trees below it."""
    pending = [tree]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(subtrees(found))


def bound_names(statement: ast.Tree) -> set[str]:
    """The names that a statement binds where it stands; those in a function's body are its own."""
    bound: set[str] = set()
    pending = [statement]
    while pending:
        match pending.pop():
            case ast.Assign(targets=targets):
                bound |= _names(targets)
            case ast.AugmentedAssign(target=name) | ast.FunctionDef(name=name) | ast.PythonDef(name=name):
                bound.add(name.name)
            case ast.For(targets=targets, body=body):
                bound |= _names(targets)
                pending.extend(body)
            case ast.If(then=then, otherwise=otherwise):
                pending.extend((*then, *otherwise))
            case ast.While(body=body):
                pending.extend(body)
            case _:
                pass
    return bound


def _names(targets: Iterable[ast.Name]) -> set[str]:
    return {target.name for target in targets}


def free_names(statement: ast.Tree) -> set[str]:
    """The names that a statement reads from outside its own functions, lambdas and comprehensions."""
    free: set[str] = set()
    pending: list[tuple[ast.Tree, frozenset[str]]] = [(statement, frozenset())]
    while pending:
        tree, hidden = pending.pop()
        if isinstance(tree, ast.Name) and tree.name not in hidden:
            free.add(tree.name)
        for trees, bound in _scopes(tree):
            pending.extend((part, hidden | bound) for part in trees)
    return free


def _scopes(tree: ast.Tree) -> list[tuple[Iterable[ast.Tree], set[str]]]:
    """What a tree reads, each part with the names that the tree binds in it."""
    match tree:
        case ast.Assign(values=values):
            return [(values, set())]
        case ast.For(iterable=iterable, body=body):
            return [((iterable, *body), set())]
        case ast.FunctionDef(parameters=parameters, body=body, results=results):
            return [((*body, *results), _names(parameters) | _bound_in(body))]
        case ast.PythonDef(parameters=parameters, body=body):
            return [(parameters, set()), (body, {parameter.name for parameter in parameters} | _bound_in(body))]
        case ast.Lambda(parameters=parameters, body=body):
            return [((body,), set(parameters))]
        case ast.ListComprehension(targets=targets, iterable=iterable, value=value):
            return [((value,), _names(targets)), ((iterable,), set())]
        case ast.DictComprehension(targets=targets, iterable=iterable, key=key, value=value):
            return [((key, value), _names(targets)), ((iterable,), set())]
        case _:
            return [(tuple(subtrees(tree)), set())]


def _bound_in(block: Iterable[ast.Tree]) -> set[str]:
    return {name for statement in block for name in bound_names(statement)}
