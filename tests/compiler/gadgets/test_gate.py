import itertools

from hypothesis import given
from hypothesis import strategies as st

from compiler.circuit import Feature, Form, FromToken
from compiler.gadgets.gate import all_of, bend_where
from tests.compiler.circuits import weigh


def number(name: str, low: int, high: int) -> Feature:
    return Feature(name, FromToken((low, high)), low, high)


def test_all_of_is_one_only_where_nothing_is_missing() -> None:
    flags = [number(name, 0, 1) for name in "abc"]
    unit = all_of([1 - Form.of(flag) for flag in flags])
    for bits in itertools.product((0, 1), repeat=3):
        assert max(0, weigh(unit.form, dict(zip(flags, bits, strict=True)))) == int(all(bits))


def test_what_is_missing_can_be_the_distance_from_the_least_integer() -> None:
    x, y = number("x", 3, 9), number("y", -2, 5)
    unit = all_of([Form.of(x) - 3, 5 - Form.of(y)])
    for a, b in itertools.product(range(3, 10), range(-2, 6)):
        assert max(0, weigh(unit.form, {x: a, y: b})) == int((a, b) == (3, 5))


@given(st.integers(-2000, 2000), st.integers(0, 4000), st.data())
def test_a_gated_bend_is_the_bend_where_nothing_is_missing_and_zero_elsewhere(low: int, span: int, data: st.DataObject) -> None:
    flags = [number("a", 0, 1), number("b", 0, 1)]
    x = number("x", low, low + span)
    at = data.draw(st.integers(low, low + span))
    value = data.draw(st.integers(low, low + span) | st.sampled_from([low, low + span]))
    unit = bend_where([1 - Form.of(flag) for flag in flags], Form.of(x), at)
    for bits in itertools.product((0, 1), repeat=2):
        found = max(0, weigh(unit.form, {**dict(zip(flags, bits, strict=True)), x: value}))
        assert found == (max(0, value - at) if all(bits) else 0)


def test_gates_at_every_bend_share_one_bound() -> None:
    x, missing = number("x", 0, 20), number("m", 0, 1)
    units = [bend_where([Form.of(missing)], Form.of(x), at).form for at in (0, 7, 20)]
    assert {dict(form.terms)[missing] for form in units} == {-20}
