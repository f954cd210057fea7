"""Commands that refuse an option given twice and an empty argument, whatever each would do with it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from typer.core import TyperCommand, TyperGroup

from nkplan.errors import BadInput


class StrictCommand(TyperCommand):
    """A command that checks its arguments before it reads them. Raises BadInput."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _check(self, ctx, args)
        return super().parse_args(ctx, args)


class StrictGroup(TyperGroup):
    """A group of commands that checks the arguments before the command. Raises BadInput."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _check(self, ctx, args)
        return super().parse_args(ctx, args)


def _check(command: TyperCommand | TyperGroup, ctx: Any, args: list[str]) -> None:
    """Refuse arguments of which one would be ignored, or would match everything."""
    if ctx.resilient_parsing:
        return  # Shell completion has only part of a command line.
    typed, _, order = command.make_parser(ctx).parse_args(args=list(args))
    given = Counter(order)
    if any(parameter.is_eager for parameter in given):
        # With --help nothing else is read.
        given = Counter({parameter: number for parameter, number in given.items() if parameter.is_eager})
    for parameter, number in given.items():
        if number > 1 and parameter.param_type_name == "option" and not parameter.multiple:
            times = "twice" if number == 2 else f"{number} times"
            raise BadInput(f"{_name(parameter)} is given {times}; give it once")
    for parameter in given:
        if _has_empty(typed, parameter):
            _refuse_empty(parameter)


def _has_empty(typed: Mapping[str, Any], parameter: Any) -> bool:
    value = typed.get(parameter.name)
    texts = value if isinstance(value, list | tuple) else (value,)
    return any(isinstance(text, str) and not text.strip() for text in texts)


def _refuse_empty(parameter: Any) -> None:
    # Without its argument a command may do something else: undo takes back the last change.
    advice = " or leave it out" if parameter.param_type_name == "option" else ""
    raise BadInput(f"{_name(parameter)} is empty; write something{advice}")


def _name(parameter: Any) -> str:
    """Return the name of a parameter in messages: an option's first long form, an argument's word."""
    if parameter.param_type_name == "option":
        return next(one for one in (*map(str, parameter.opts), "") if one.startswith("--"))
    return str(parameter.human_readable_name).strip("[].")
