import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from compiler.execution.batches import Shapes, batches
from compiler.execution.encode import Encoded

ROWS = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=90), max_size=40)


@given(ROWS, st.booleans(), st.sampled_from([1, 4, 64]), st.sampled_from([2, 8]), st.integers(8, 14))
def test_every_input_is_in_one_batch_as_it_was(rows: list[list[int]], full: bool, most: int, growth: int, size: int) -> None:
    shapes = Shapes(longest=90, outputs=3, numbers=2**size, most=most, growth=growth, full=full)
    found: dict[int, list[int]] = {}
    for batch in batches(Encoded.of(rows), shapes):
        count, padded = len(batch.places), batch.ids.shape[1]
        assert batch.ids.shape == (len(batch.lengths), shapes.padded(int(batch.lengths[:count].max())))
        assert count <= len(batch.lengths) <= most
        assert len(batch.lengths) == 1 or len(batch.lengths) * padded * 3 <= 2**size
        assert (batch.lengths[count:] == 1).all()
        assert not full or len(batch.lengths) == shapes.most_rows(padded)
        outputs = np.arange(batch.ids.size).reshape(*batch.ids.shape, 1)
        wanted = [row[:length] for row, length in zip(outputs, batch.lengths[:count], strict=False)]
        assert np.array_equal(batch.at_tokens(outputs), np.concatenate(wanted))
        for place, ids, length in zip(batch.places, batch.ids, batch.lengths, strict=False):
            assert int(place) not in found
            found[int(place)] = ids[:length].tolist()
    assert [found[place] for place in range(len(rows))] == rows


def test_few_shapes() -> None:
    shapes = Shapes(longest=500, outputs=10)
    assert {shapes.padded(length) for length in range(1, 501)} == {16, 32, 64, 128, 256, 500}
    assert {shapes.rows(count, 16) for count in range(1, 257)} == {1, 16, 32, 64, 128, 256}
    assert shapes.most_rows(16) == 2**14
    assert shapes.most_rows(500) == 2**11  # 2**24 numbers, of which an input puts out 500 * 10


def test_an_input_that_alone_is_too_large_is_a_batch() -> None:
    assert Shapes(longest=4_096, outputs=10, numbers=2**12).most_rows(4_096) == 1
