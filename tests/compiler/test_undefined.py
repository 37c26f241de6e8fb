from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import compiler
import rasp
from compiler.circuit import Check, Form
from compiler.decode import Mean
from compiler.undefined import MIXED, Alarm, Undefined, first_raised, mixture
from rasp.errors import EvaluationError, Source

PROGRAM = """
inverse = 1 / indicator(tokens == "a");
mixed = "text" if tokens == "a" else 1;
"""


def model(name: str = "inverse") -> compiler.Model:
    return compiler.compile(rasp.loads(PROGRAM)[name], vocab="ab", max_length=6)


def test_one_input_raises() -> None:
    with pytest.raises(compiler.UndefinedError) as caught:
        model()("aab")
    assert str(caught.value) == "<string>:2:11: the program is undefined on this input: division by zero (at position 2)"
    assert '1 / indicator(tokens == "a")' in caught.value.report()
    assert model()("aa") == [1.0, 1.0]


def test_a_batch_names_the_input() -> None:
    with pytest.raises(compiler.UndefinedError, match=r"undefined on inputs\[1\]: division by zero \(at position 0\)"):
        model().batch(["a", "b", "ab"])


def test_exact_values_stand_beside_what_is_undefined() -> None:
    first, second = model().batch_atoms(["aa", "ab"])
    assert first == [1, 1]
    assert isinstance(second, Undefined)
    assert (second.problem, second.position, second.span and second.span.line) == ("division by zero", 1, 2)
    assert str(second) == "<string>:2:11: division by zero (at position 1)"


def test_a_result_of_strings_and_numbers() -> None:
    with pytest.raises(compiler.UndefinedError, match=f"<string>:3:9: the program is undefined on this input: {MIXED}"):
        model("mixed")("ab")
    assert model("mixed")("aa") == ["text", "text"]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_no_value(value: float) -> None:
    made = model()
    outputs = made.outputs(np.zeros((1, 2), np.int32), np.array([2], np.int32))[0].copy()
    assert made.read(outputs) == [1, 1]
    outputs[1, 0] = value
    assert isinstance(made.read(outputs), Undefined)


def test_what_an_undefined_input_puts_out_is_not_decoded() -> None:
    alarm = Alarm("a problem", None, 0, None, False)
    made = replace(model(), decoder=Mean("none", 1, ("a", "b"), (0, 1)), alarms=(alarm,))
    assert made.read(np.array([[0, 1, 1, 0], [0, 0, 9, 0]], np.float32)) == ["b", "none"]
    undefined = made.read(np.array([[0, 1, 9, 0], [3, 2, 0, 1]], np.float32))
    assert undefined == Undefined("a problem", None, 1)


def test_a_saved_model_says_the_same(tmp_path: Path) -> None:
    made = model()
    made.save(tmp_path / "m")
    again = compiler.load(tmp_path / "m")
    assert again.alarms == made.alarms
    (one,), (other,) = made.batch_atoms(["ba"]), again.batch_atoms(["ba"])
    assert str(one) == str(other) == "<string>:2:11: division by zero (at position 0)"


def alarm(most: int = 0, unless: int | None = None, *, mixed: bool = False) -> Alarm:
    return Alarm.of(Check(Form(), most, "problem", None, unless, mixed))


@pytest.mark.parametrize(
    ("raised", "column", "position"),
    [
        (alarm(), [0, 0, 0], None),
        (alarm(), [-3, 0, 1], 2),
        (alarm(1), [1, 2, 3], 1),
        (alarm(1, 4), [1, 2, 4], 1),
        (alarm(1, 4), [1, 2, 5], None),
        (alarm(mixed=True), [1, 1, 1], None),
        (alarm(mixed=True), [1, 1, 0], 2),
        (alarm(mixed=True), [0, 1, 0], 1),
    ],
)
def test_alarms(raised: Alarm, column: list[float], position: int | None) -> None:
    assert raised.position(np.array(column)) == position


def test_the_first_alarm_in_order_counts() -> None:
    alarms = [alarm(5), alarm(), replace(alarm(), problem="later")]
    assert first_raised(alarms, np.array([[0, 0, 1], [0, 1, 1]])) == Undefined("problem", None, 1)
    assert first_raised(alarms[:1], np.array([[5.0]])) is None
    assert first_raised([], np.zeros((3, 0))) is None


def test_mixtures() -> None:
    assert mixture([1, True], None) is None
    assert mixture(["a", ""], None) is None
    assert mixture([1, 2, "a"], None) == Undefined(MIXED, None, 2)


def test_what_the_interpreter_says() -> None:
    span = Source("p", "1/0").span(0, 3)
    assert Undefined.of(EvaluationError("no value (at position 3)", span, position=3)) == Undefined(
        "no value (at position 3)", span, 3
    )
    assert str(Undefined("no value (at position 3)", span, 3)) == "p:1:1: no value (at position 3)"
