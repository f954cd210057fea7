"""A table of cases as one test: much quicker than a test for each, and every case that fails is named."""

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from typing import Any

import pytest

Test = Callable[..., None]


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
