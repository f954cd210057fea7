"""Commands that refuse an option given twice and an empty argument; what else an unknown option is called."""

from collections import Counter
from collections.abc import Mapping, Sequence
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


_OTHER_NAMES = {
    "--program": "--programme",
    "--province": "--region",
    "--after": "--since",
    "--from": "--since",
    "--date": "--on",
    "--desc": "--reverse",
    "--descending": "--reverse",
}
"""Names under which an option is looked for, each with its own."""

_FORMATS = {"table", "tsv", "csv", "json", "jsonl", "md"}
_LIMITS = {"-n", "--max", "--top", "--head", "--first"}


def explain_option(error: Exception, arguments: Sequence[str]) -> str | None:
    """Say what to write instead of an option that a command does not have; None if nothing is known."""
    name, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if name is None or context is None or not hasattr(error, "possibilities"):
        return None
    taken = {option for parameter in context.command.params for option in parameter.opts}
    if name.removeprefix("--") in _FORMATS and "--format" in taken:
        return f"there is no option {name}; write -f {name.removeprefix('--')}"
    if name in _LIMITS and "--limit" in taken:
        return f"there is no option {name}; write --limit {_find_number(name, arguments)}"
    if (other := _OTHER_NAMES.get(name)) in taken:
        return f"there is no option {name}; write {other}"
    return None


def _find_number(name: str, arguments: Sequence[str]) -> str:
    """Return the number that was typed with an option, or else N."""
    for typed, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if typed == name:
            return following if following.isascii() and following.isdigit() else "N"
        if typed.startswith(name):
            number = typed.removeprefix(name).removeprefix("=")
            return number if number.isascii() and number.isdigit() else "N"
    return "N"
