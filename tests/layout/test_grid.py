"""A grid's values as text."""

from hypothesis import given
from hypothesis import strategies as st

from nkplan.layout.grid import join_rows, show

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.sampled_from(["plain", "a\tb", "a\nb", "\t", "\n", "\x1b[31m", "\x7f", "김화", "\u202e", ""]),
)


@given(st.integers(1, 4).flatmap(lambda columns: st.lists(st.tuples(*[VALUES] * columns), max_size=5)))
def test_rows_are_joined_as_each_value_is_shown(rows: list[tuple[str | float | bool | None, ...]]) -> None:
    """Rows are looked at together; a separator within a value or beside it makes no difference."""
    assert join_rows(rows, "\t") == "".join("\t".join(map(show, row)) + "\n" for row in rows)
