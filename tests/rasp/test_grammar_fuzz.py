"""Programs made from the grammars: whatever they say, loading and running them gives values or a RaspError."""

from __future__ import annotations

from importlib import resources
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark
from lark import Lark

import rasp
from rasp import limits
from rasp.elaborate.raspl_functions import RaspLFunction
from rasp.values import Selector, SOp
from tests.rasp.raspl.trees import PROGRAMS

NAMES = "tokens indices length full_s a b f x out True selector_width sort max tokens_int"
TERMINALS = {name: st.just(name.lower()) for name in ("SELECT", "AGGREGATE", "RANGE", "ZIP", "LEN")} | {
    "NAME": st.sampled_from(NAMES.split()),
    "INT": st.sampled_from(["0", "1", "2", "7", "99999999999999999999"]),
    "FLOAT": st.sampled_from(["0.5", "0.1"]),
    "STRING": st.sampled_from(['""', '"a"', '"no/file"']),
}


def texts(start: str) -> st.SearchStrategy[str]:
    """Texts that RASP's grammar derives from a rule."""
    grammar = resources.files("rasp.grammar").joinpath("rasp.lark").read_text(encoding="utf-8")
    return from_lark(Lark(grammar, start=[start], parser="lalr", lexer="basic"), explicit=TERMINALS)


RASP = st.lists(texts("item"), max_size=5).map("\n".join)
RASP_L = PROGRAMS.map(rasp.unparse)


def survive(text: str, dialect: Literal["rasp", "rasp-l"]) -> None:
    """Load a program, print it, and evaluate what it defines."""
    try:
        module = rasp.loads(text, dialect)
        assert rasp.parse(rasp.unparse(module.program), dialect) == module.program
        for value in module.values():
            match value:
                case SOp() | Selector():
                    value("abca")
                case RaspLFunction():
                    value([3, 1, 3])
                case _:
                    pass
    except rasp.RaspError as error:
        error.report()


@pytest.fixture(autouse=True, scope="module")
def small_limits() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "STEPS", 5_000)
        patch.setattr(limits, "NUMBER_BITS", 4_096)
        yield


EASY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]
quick = settings(max_examples=30, suppress_health_check=EASY)
long = settings(max_examples=1_000, suppress_health_check=EASY)


@quick
@given(RASP)
def test_rasp(text: str) -> None:
    survive(text, "rasp")


@quick
@given(RASP_L)
def test_rasp_l(text: str) -> None:
    survive(text, "rasp-l")


@pytest.mark.slow
@long
@given(RASP)
def test_much_rasp(text: str) -> None:
    survive(text, "rasp")


@pytest.mark.slow
@long
@given(RASP_L)
def test_much_rasp_l(text: str) -> None:
    survive(text, "rasp-l")
