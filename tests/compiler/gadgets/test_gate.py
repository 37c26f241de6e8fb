import itertools

from compiler.circuit import Feature, Form, FromToken
from compiler.gadgets.gate import all_of, bend_where


def flag(name: str) -> Feature:
    return Feature(name, FromToken((0, 1)), 0, 1)


def value(form: Form, at: dict[Feature, int]) -> int:
    return form.constant + sum(coefficient * at[feature] for feature, coefficient in form.terms)


def test_all_of_is_one_only_where_all_hold() -> None:
    flags = [flag("a"), flag("b"), flag("c")]
    unit = all_of([Form.of(each) for each in flags])
    for bits in itertools.product((0, 1), repeat=3):
        assert max(0, value(unit.form, dict(zip(flags, bits, strict=True)))) == int(all(bits))


def test_a_gated_bend_is_the_bend_where_all_hold_and_zero_elsewhere() -> None:
    flags = [flag("a"), flag("b")]
    x = Feature("x", FromToken(tuple(range(-5, 21))), -5, 20)
    for at in (-5, 0, 7, 20):
        unit = bend_where([Form.of(each) for each in flags], Form.of(x), at)
        for bits in itertools.product((0, 1), repeat=2):
            for number in range(-5, 21):
                found = max(0, value(unit.form, {**dict(zip(flags, bits, strict=True)), x: number}))
                assert found == (max(0, number - at) if all(bits) else 0)
