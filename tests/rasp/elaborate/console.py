"""Runs console input for tests and puts answers into one line of text, close to what the REPL shows."""

from __future__ import annotations

from rasp.elaborate.kinds import MatrixResult, SequenceResult, Value, atom_text
from rasp.elaborate.outcomes import Applied, Assigned, Drawing, Evaluated, Loaded, Outcome
from rasp.elaborate.session import Session
from rasp.errors import RaspError, Source, raise_all
from rasp.evaluate import evaluate, evaluate_selector, sequence_text
from rasp.syntax.parser import read
from rasp.values import Function, Selector, SOp


def run(text: str, session: Session | None = None) -> list[Outcome]:
    """The outcomes of the statements of a text, which must be right."""
    session = session or Session()
    reading = read(Source("<test>", text))
    raise_all(reading.errors)
    return [session.execute(statement) for statement in reading.statements]


def answers(text: str) -> list[str]:
    """What each statement of a text answers on the running example ``hello``; ``error: …`` where it fails."""
    session = Session()
    reading = read(Source("<test>", text))
    raise_all(reading.errors)
    lines = []
    for statement in reading.statements:
        try:
            lines.append(shown(session.execute(statement)))
        except RaspError as error:
            lines.append(f"error: {error.message}")
    return lines


def answer(text: str) -> str:
    """What the last statement of a text answers."""
    return answers(text)[-1]


def shown(outcome: Outcome) -> str:
    match outcome:
        case Applied(result=result) | Drawing(result=result):
            return value_text(result)
        case Evaluated(value=value):
            return value_text(value)
        case Assigned(bindings=bindings):
            return "; ".join(f"{binding.name} = {value_text(binding.value)}" for binding in bindings)
        case Loaded(items=items):
            return " | ".join(f"error: {item.message}" if isinstance(item, RaspError) else shown(item) for item in items)
        case _:
            return type(outcome).__name__


def value_text(value: Value) -> str:
    match value:
        case SOp(node=node):
            return sequence_text(evaluate(node, "hello"))
        case Selector(node=node):
            return matrix_text(evaluate_selector(node, "hello").tolist())
        case SequenceResult():
            return sequence_text(value.column)
        case MatrixResult():
            return matrix_text(value)
        case Function():
            return f"{value.name}({', '.join(value.parameters)})"
        case list():
            return f"[{', '.join(value_text(item) for item in value)}]"
        case dict():
            return f"{{{', '.join(f'{value_text(key)}: {value_text(item)}' for key, item in value.items())}}}"
        case _:
            return atom_text(value)


def matrix_text(rows: list[list[bool]]) -> str:
    return "/".join("".join("1" if cell else "." for cell in row) for row in rows)
