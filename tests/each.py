"""Tables of cases: as one test, much quicker than a test for each; and a few of many, for the short form.

The long form of the tests, `python tests/long.py tests`, sets NKPLAN_LONG and runs every case.
"""

import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

import pytest

Test = Callable[..., None]
Case = TypeVar("Case")


def is_long() -> bool:
    """Return whether every case is tested, and not only some."""
    return bool(os.environ.get("NKPLAN_LONG"))


def sample(cases: Iterable[Case], values: Callable[[Any], Iterable[Hashable]] = tuple) -> list[Case]:
    """Return some of the cases, in which each value of each dimension occurs; in the long form, all of them.

    The dimensions of a case are its elements, unless `values` names others. The same cases are chosen each
    time: for each value the case with the most new values, or of several the one with the rarest so far.
    """
    every = list(cases)
    if is_long():
        return every
    of_each = [list(enumerate(values(case))) for case in every]
    having: dict[tuple[int, Hashable], list[int]] = {}
    for number, its in enumerate(of_each):
        for value in its:
            having.setdefault(value, []).append(number)
    sizes = Counter(dimension for dimension, _ in having)
    used: Counter[tuple[int, Hashable]] = Counter()

    def rate(number: int) -> tuple[int, int]:
        times = [used[value] for value in of_each[number]]
        return times.count(0), -sum(times)

    chosen = []
    # Each value of the largest dimension needs a case of its own, which can have the others as well.
    for value in sorted(having, key=lambda value: -sizes[value[0]]):
        if not used[value]:
            chosen.append(max(having[value], key=rate))
            used.update(of_each[chosen[-1]])
    return [every[number] for number in sorted(chosen)]


def spread(cases: Sequence[Case], number: int) -> list[Case]:
    """Return a number of the cases, from the first to the last at equal distances; in the long form, all."""
    if is_long() or number >= len(cases):
        return list(cases)
    return [cases[round(at * (len(cases) - 1) / (number - 1))] for at in range(number)]


def sample_items(items: Sequence[pytest.Item]) -> dict[pytest.Item, None]:
    """Return the tests to run: of one marked `sampled`, a sample by all that it is parametrized with."""
    chosen = dict.fromkeys(items)
    sampled: dict[str, list[Any]] = {}
    for item in items:
        if item.get_closest_marker("sampled"):
            sampled.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for those in sampled.values():
        some = sample(those, lambda item: map(repr, item.callspec.params.values()))
        for item in {*those}.difference(some):
            del chosen[item]
    return chosen


def for_each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test with each of some cases, as `pytest.mark.parametrize` does, but as one test.

    For cases that leave no traces: they share the test's fixtures.
    """
    keys = tuple(name.strip() for name in names.split(",")) if isinstance(names, str) else names
    every = [case if len(keys) > 1 else (case,) for case in cases]
    assert every

    def decorate(test: Test) -> Test:
        @wraps(test)
        def run_all(**fixtures: Any) -> None:
            wrong = []
            for case in every:
                try:
                    test(**fixtures, **dict(zip(keys, case, strict=True)))
                # What `pytest.raises` and `pytest.fail` raise is no Exception.
                except (Exception, pytest.fail.Exception) as error:
                    wrong.append((case, error))
            if wrong:
                told = "\n".join(
                    f"{ascii(case)[:200]}: {type(error).__name__}: {error}" for case, error in wrong
                )
                pytest.fail(f"{len(wrong)} of {len(every)} cases fail:\n{told}\n", pytrace=False)

        given = signature(test)
        left = [one for name, one in given.parameters.items() if name not in keys]
        run_all.__signature__ = given.replace(parameters=left)  # type: ignore[attr-defined]
        return run_all

    return decorate
