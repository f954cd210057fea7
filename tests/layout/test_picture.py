"""Pictures: cells with a meaning, wide letters, dots, and ASCII."""

from hypothesis import given
from hypothesis import strategies as st

from nkplan.layout.picture import LEVELS, MARKS, Canvas, Cell, Meaning, Shape, cut
from nkplan.text import count_cells

TEXT, VERIFIED, AXIS = Meaning.TEXT, Meaning.VERIFIED, Meaning.AXIS


def test_a_wide_letter_takes_two_cells_and_what_follows_it_is_in_its_column() -> None:
    canvas = Canvas(8, 1)
    assert canvas.write(0, 1, "성천 x", TEXT) == 7
    canvas.place(0, 7, "█", VERIFIED)
    picture = canvas.make_picture()
    assert picture.write() == " 성천 x█\n"
    assert picture.rows[0][1:4] == (Cell("성", TEXT), Cell("", TEXT), Cell("천", TEXT))
    assert list(picture.runs(0)) == [(" ", None), ("성천 x", TEXT), ("█", VERIFIED)]


def test_half_a_wide_letter_never_stays() -> None:
    for column, left in ((0, "x 천"), (1, " x천"), (2, "성x"), (3, "성 x")):
        canvas = Canvas(4, 1)
        canvas.write(0, 0, "성천", TEXT)
        canvas.place(0, column, "x", TEXT)
        assert canvas.make_picture().write() == f"{left}\n"


def test_a_wide_letter_that_does_not_fit_is_left_out() -> None:
    canvas = Canvas(3, 1)
    canvas.write(0, 0, "성천", TEXT)
    assert canvas.make_picture().write() == "성\n"


def test_marks_over_a_letter_share_its_cell() -> None:
    canvas = Canvas(3, 1)
    assert canvas.write(0, 0, "e\u0301a", TEXT) == 2
    assert canvas.make_picture().rows[0] == (Cell("e\u0301", TEXT), Cell("a", TEXT), None)


def test_what_lies_outside_is_left_out() -> None:
    canvas = Canvas(2, 1)
    canvas.fill(range(-1, 3), range(-1, 5), "█", VERIFIED)
    canvas.dot(-1, 9, AXIS)
    assert canvas.make_picture().write() == "██\n"


def test_text_from_outside_brings_no_control_characters() -> None:
    canvas = Canvas(9, 1)
    canvas.write(0, 0, "a\x1b[2Jb", TEXT)
    assert "\x1b" not in canvas.make_picture().write()
    assert "\x1b" not in cut("a\x1b[2Jb", 9)


def test_dots_add_up_to_braille_and_leave_signs_alone() -> None:
    canvas = Canvas(3, 1)
    canvas.place(0, 1, "x", TEXT)
    canvas.line((0, 0), (5, 0), AXIS)
    assert canvas.make_picture().write() == "⠉x⠉\n"
    canvas = Canvas(1, 1)
    for x in (0, 1):
        canvas.line((x, 0), (x, 3), AXIS)
    assert canvas.make_picture().write() == "⣿\n"
    assert canvas.make_picture().to_ascii().write() == ":\n"


def test_each_sign_of_ours_has_another_one_in_ascii() -> None:
    signs = "".join((*MARKS.values(), *LEVELS[:-1]))
    canvas = Canvas(len(signs), 1)
    for column, sign in enumerate(signs):
        canvas.place(0, column, sign, TEXT)
    shown = canvas.make_picture().to_ascii().write().rstrip("\n")
    assert shown.isascii()
    assert len(shown) == len(signs)
    assert len(set(shown[: len(MARKS)])) == len(MARKS)
    assert len(set(shown[len(MARKS) :])) == len(LEVELS) - 1


def test_names_stay_in_their_own_letters_in_ascii() -> None:
    canvas = Canvas(5, 1)
    canvas.write(0, 0, "성천", TEXT)
    assert canvas.make_picture().to_ascii().write() == "성천\n"


@given(st.text(max_size=12), st.integers(1, 14))
def test_a_cut_text_fits(text: str, width: int) -> None:
    assert count_cells(cut(text, width)) <= width


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-2, 9), st.text("a성́b천", max_size=5)), max_size=6))
def test_every_line_is_as_wide_as_its_cells(texts: list[tuple[int, int, str]]) -> None:
    canvas = Canvas(8, 3)
    for row, column, text in texts:
        canvas.write(row, column, text, TEXT)
    picture = canvas.make_picture()
    for row in range(3):
        line = "".join(text for text, _ in picture.runs(row))
        used = max((at + 1 for at, cell in enumerate(picture.rows[row]) if cell is not None), default=0)
        assert count_cells(line) == used


def test_a_shape_is_drawn_in_dots_and_kept_for_those_who_can_draw_lines() -> None:
    canvas = Canvas(2, 1)
    square = Shape(((0, 0), (1.5, 0), (1.5, 0.75), (0, 0.75)), Meaning.BORDER, is_closed=True)
    canvas.trace(square)
    picture = canvas.make_picture()
    assert picture.write() == "⣏⣹\n"
    assert picture.shapes == (square,)


def test_a_line_that_is_not_closed_has_no_way_back() -> None:
    canvas = Canvas(2, 1)
    canvas.trace(Shape(((0, 0.75), (0, 0), (1.5, 0)), Meaning.BORDER))
    assert canvas.make_picture().write() == "⡏⠉\n"
