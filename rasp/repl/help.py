"""The command ``help``: what a name is, where it was defined, and where the manual speaks of it."""

from __future__ import annotations

import re

from rasp.elaborate.functions import LIBRARY_SOURCE, RaspFunction
from rasp.elaborate.kinds import Value, kind
from rasp.elaborate.scope import Scope
from rasp.errors import Source, Span, did_you_mean
from rasp.repl.display import function_text
from rasp.repl.paint import Paint
from rasp.values import Function, Selector, SOp

_COMMAND = re.compile(r"help(?:\s+([A-Za-z_][\w-]*))?\s*;?\s*(?:#.*)?")

_OVERVIEW = """\
Statements end with ';'. An expression shows its value on the running example:
  tokens == "l";                          an s-op, elementwise
  select(tokens, tokens, ==);             a selector: which keys each query attends to
  hist = selector_width(select(tokens, tokens, ==));
  hist("hello");                          an s-op applied to an input
  def f(x) { return x + 1; }              a function
  load "file";                            the definitions of file.rasp
Commands stand alone on their line, without ';':
  set example "abc"    show example    examples off    full seq display on    exit
  help NAME            what a name is"""

_REPL = "REPL"
_TOPICS = {
    "select": (
        "select(key, query, op): row i selects position j where key[j] op query[i]; op is == != < <= > >=",
        "Select and aggregate",
    ),
    "aggregate": (
        "aggregate(selector, sequence, default): the mean of the selected values, or the only one; the default for none",
        "Select and aggregate",
    ),
    "round": ("round(x): the nearest integer, halves to the even one", "Operators"),
    "indicator": ("indicator(s): 1 where the s-op s is true, else 0", "Operators"),
    "range": ("range(stop), range(start, stop), range(start, stop, step): a list of ints", "Lists, dictionaries, loops"),
    "zip": ("zip(list, list, …): a list of lists, one for each place", "Lists, dictionaries, loops"),
    "len": ("len(list): the length of a list; the length of the input is the s-op 'length'", "Lists, dictionaries, loops"),
    "def": ("def name(parameters) { statements return value; }: a function", "Functions and names"),
    "for": ("for name in list { statements }: runs the statements for each item", "Lists, dictionaries, loops"),
    "load": ('load "path": executes path.rasp; its names, but those that begin with _, are defined here', "Load"),
    "draw": ("draw(s-op, input): draws the computation flow into the folder comp_flows", _REPL),
    "set": ("set example e, set s-op example e, set selector example e: the running examples", _REPL),
    "show": ("show example, show s-op example, show selector example: the running examples", _REPL),
    "examples": (
        "examples on, examples off: whether displays show the running examples; also s-op examples, selector examples",
        _REPL,
    ),
    "full": ("full seq display on, full seq display off: two aligned rows for each sequence", _REPL),
    "exit": ("exit, quit: ends the session", _REPL),
    "if": ("x if condition else y: elementwise where the condition is an s-op; groups to the left", "Operators"),
    "in": ("x in list: elementwise where x is an s-op; binds weakest of all operators", "Operators"),
    "and": ("a and b: elementwise, or pointwise on selectors; binds as strongly as 'or'", "Operators"),
    "or": ("a or b: elementwise, or pointwise on selectors; binds as strongly as 'and'", "Operators"),
    "not": ("not a: elementwise, or pointwise on a selector; binds stronger than the comparisons", "Operators"),
    "return": ("return value, value, …; the last statement of a function; several values are a list", "Functions and names"),
}
_SAME_TOPIC = {"else": "if", "quit": "exit", "s-op": "set", "selector": "set", "example": "set"}

_BUILT_IN = {
    "tokens_str": "the tokens of the input as strings",
    "tokens_int": "the tokens of the input read as ints",
    "tokens_float": "the tokens of the input read as floats",
    "tokens_bool": "whether each token of the input is true: not 0 and not empty",
    "tokens_asis": "the tokens of the input as they are",
    "tokens": "the tokens of the input as strings; may be redefined, as in tokens = tokens_int;",
    "indices": "the positions 0, 1, 2, …",
}


def help_topic(line: str) -> str | None:
    """The name that a line asks help for, empty for help in general; None if the line is no such command."""
    found = _COMMAND.fullmatch(line.strip())
    return None if found is None else found[1] or ""


def help_lines(topic: str, scope: Scope, paint: Paint) -> list[str]:
    """The answer of ``help``."""
    if not topic:
        return [paint.general(line) for line in _OVERVIEW.split("\n")]
    topic = _SAME_TOPIC.get(topic, topic)
    found = next((table for table in scope.chain() if topic in table.variables), None)
    if found is not None:
        return [paint.general(line) for line in _about(topic, found.variables[topic])]
    if topic in _TOPICS:
        text, section = _TOPICS[topic]
        return [paint.general(f"     {text}"), paint.general(f"     {_see(section)}")]
    hint = did_you_mean(topic, [*scope.names(), *_TOPICS])
    return [paint.error(f"     nothing is called '{topic}'" + (f"; {hint}" if hint else ""))]


def _about(name: str, value: Value) -> list[str]:
    what = function_text(value) if isinstance(value, Function) else f"{kind(value)}: {name}"
    lines = [f"     {what}"]
    span = _definition(value)
    if name in _BUILT_IN and (span is None or span.source.name == LIBRARY_SOURCE):
        return [*lines, f"     {_BUILT_IN[name]}", f"     built in; {_see('Values')}"]
    if span is None:
        return lines
    place = f"     defined at {span}" + (f"; {_see('Library')}" if span.source.name == LIBRARY_SOURCE else "")
    return [*lines, *(f"     {line}" for line in _comment_above(span.source, span.line)), place]


def _see(section: str) -> str:
    page = "repl.md" if section == _REPL else f"rasp.md, '{section}'"
    return f"see docs/language/{page}"


def _definition(value: Value) -> Span | None:
    match value:
        case RaspFunction(definition=definition):
            return definition.name.span
        case SOp(node=node) | Selector(node=node):
            return node.span
        case _:
            return None


def _comment_above(source: Source, line: int) -> list[str]:
    """The comment lines right above a line of a source."""
    comment: list[str] = []
    while line > source.first_line:
        line -= 1
        text = source.line_text(line).strip()
        if not text.startswith("#"):
            break
        comment.append(text.lstrip("# "))
    return comment[::-1]
