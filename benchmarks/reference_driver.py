"""Runs RASP programs in the reference implementation; started by ``differential_rasp.py`` with the checkout as folder.

Each line of standard input is a program in JSON: statements, the name of the result, inputs. Each line of standard output
is its answer: for each input the values, or the error. The reference tries each step of a program on the running example
and refuses programs whose steps fail there; ``checked`` is that refusal's message.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

sys.path.insert(0, "")
if find_spec("termcolor") is None:  # the reference colours its prints with it; they are not read here
    plain = ModuleType("termcolor")
    plain.colored = lambda text, *_: text  # type: ignore[attr-defined]
    sys.modules["termcolor"] = plain

with contextlib.redirect_stdout(io.StringIO()):
    from RASP_support.Environment import Environment  # type: ignore[import-not-found]
    from RASP_support.Evaluator import Evaluator  # type: ignore[import-not-found]
    from RASP_support.REPL import REPL, LineReader  # type: ignore[import-not-found]


def main() -> None:
    with contextlib.redirect_stdout(io.StringIO()):
        repl = REPL()
    for line in sys.stdin:
        program = json.loads(line)
        with contextlib.redirect_stdout(io.StringIO()):
            answer = run(repl, program)
        print(json.dumps(answer), flush=True)


def run(repl: Any, program: dict[str, Any]) -> list[dict[str, Any]]:
    """The answers; where the check of every step on the first input stops the program, those without that check."""
    answers = attempt(repl, program)
    if "statement" not in answers[0]:
        return answers
    check = Evaluator._test_res
    Evaluator._test_res = lambda *_: None
    try:
        return [{**answer, "checked": answers[0]["error"]} for answer in attempt(repl, program)]
    finally:
        Evaluator._test_res = check


def attempt(repl: Any, program: dict[str, Any]) -> list[dict[str, Any]]:
    repl.set_running_example(program["inputs"][0])
    env = Environment(name="console", parent_env=repl.base_env)
    for text in program["statements"]:
        try:
            tree = LineReader(given_line=text).get_input_tree()
            Evaluator(env, repl).evaluate(tree.raspstatement())
        except Exception as error:
            return [{"error": f"{type(error).__name__}: {error}", "statement": text}] * len(program["inputs"])
    return [values(env, program["result"], tokens) for tokens in program["inputs"]]


def values(env: Any, name: str, tokens: str) -> dict[str, Any]:
    try:
        result = env.get_variable(name)
        found = result.call(tokens, just_pass_exception_up=True).get_vals() if hasattr(result, "call") else result
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    if isinstance(found, dict):
        found = [found[row] for row in sorted(found)]
    return {"values": found} if json_safe(found) else {"error": "a value that is no atom"}


def json_safe(found: Any) -> bool:
    try:
        json.dumps(found, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main()
