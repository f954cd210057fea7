"""Commands that refuse an option given twice and an empty argument; what else an unknown option is called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from nkplan.errors import BadInput


class StrictCommand(TyperCommand):
    """A command that checks its arguments before it reads them. Raises BadInput."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _check(self, ctx, args)
        return super().parse_args(ctx, args)


class ViewsCommand(StrictCommand):
    """A command that takes a view; its help lists the `views` at its end, each with what it shows."""

    views: ClassVar[Mapping[str, str]] = {}

    def format_epilog(self, _ctx: Any, formatter: Any) -> None:
        with formatter.section("Views"):
            formatter.write_dl(list(self.views.items()))


class StrictGroup(TyperGroup):
    """A group of commands that checks the arguments before the command. Raises BadInput."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        _check(self, ctx, args)
        return super().parse_args(ctx, args)


def _check(command: TyperCommand | TyperGroup, ctx: Any, args: list[str]) -> None:
    """Refuse arguments of which one would be ignored, or would match everything."""
    if ctx.resilient_parsing:
        return  # Shell completion has only part of a command line.
    try:
        typed, _, order = command.make_parser(ctx).parse_args(args=list(args))
    except TyperException as error:
        # A parser that is asked alone does not say of which command it is.
        refusal: Any = error
        refusal.ctx = getattr(error, "ctx", None) or ctx
        raise
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
    return str(parameter.human_readable_name).translate(dict.fromkeys(map(ord, "[].")))


_OPEN = "--status completed,operating,idle"
_PERIOD = "--on with both days, as in --on 2024-01/2024-03"

_OTHER_NAMES = {
    name: others
    for others, names in {
        ("--programme",): "--program",
        ("--region",): "--province --district --zoom --area",
        ("--place",): "--county --city --town",
        ("--since",): "--after --from",
        ("--source",): "--url --link",
        ("--on", "--as-of"): "--date --day --when",
        ("--on",): "--in --during",
        ("--as-of",): "--on --at",
        ("--reverse",): "--desc --descending",
        ("--overdue",): "--late --delayed",
        ("--silent",): "--stalled --stale",
        ("--unverified",): "--unconfirmed",
        ("--kind",): "--type --category",
        ("--sort",): "--order",
        ("--speaker or --author", "--author"): "--by --who",
        ("--author",): "--user",
        ("--publisher",): "--source --outlet --media",
        (_PERIOD,): "--until --before --to",
        (_OPEN,): "--opened --open --completed --complete --finished --done",
        ("--verified STATUS",): "--confirmed",
        ("--output FILE",): "--out --file --save",
        ("NO_COLOR=1 before nkplan",): "--no-color --no-colour",
    }.items()
    for name in names.split()
}
"""Names under which an option is looked for, each with what to write, if a command has it."""

_FORMATS = {"table", "tsv", "csv", "json", "jsonl", "md"}
_LEAST_LIKENESS = 0.7
_LIMITS = {"-n", "--max", "--top", "--head", "--first", "--last"}


def explain_option(error: Exception, arguments: Sequence[str]) -> str | None:
    """Say what to write instead of an option that a command does not have; None if nothing is known."""
    name, context = getattr(error, "option_name", None), getattr(error, "ctx", None)
    if name is None or context is None:
        return None
    if not hasattr(error, "possibilities"):
        return _explain_missing_value(name, context)
    taken = {option for parameter in context.command.params for option in parameter.opts}
    if name.removeprefix("--") in _FORMATS and "--format" in taken:
        return f"there is no option {name}; write -f {name.removeprefix('--')}"
    if name in {"--svg", "--png"} and "--ascii" in taken:
        # Only what can be drawn has ASCII signs.
        return f"there is no option {name}; write -o {context.command.name}.{name.removeprefix('--')}"
    if name in _LIMITS and "--limit" in taken:
        return f"there is no option {name}; write --limit {_find_number(name, arguments)}"
    for other in _OTHER_NAMES.get(name, ()):
        if {word for word in other.split() if word.startswith("--")} <= taken:
            return f"there is no option {name}; write {other}"
    from nkplan.text import find_likeness, suggest

    # Without the hyphens, which all of them share.
    word = name.removeprefix("--")
    near = suggest(word, sorted(one.removeprefix("--") for one in taken if one.startswith("--")))
    # The end of --since is that of --province, which nobody means.
    if near is not None and (near.startswith(word) or find_likeness(word, near)[1] >= _LEAST_LIKENESS):
        return f"there is no option {name}; did you mean --{near}?"
    return f"there is no option {name}; see {context.command_path} --help"


def explain_extra(error: Exception, arguments: Sequence[str]) -> str | None:
    """Say what to write instead of words that a command does not take; None if nothing is known."""
    from shlex import join

    context = getattr(error, "ctx", None)
    if context is None or "unexpected extra argument" not in str(getattr(error, "message", "")):
        return None
    name, *words = arguments
    if name != context.command.name or not words or any(word.startswith("-") for word in words):
        return None
    if name == "export" and len(words) == 1:
        file = Path(words[0])
        if file.suffix in {".json", ".jsonl"}:
            return f"a file to write is given with -o; write {join(['nkplan', 'export', '-o', words[0]])}"
        if words[0] in {"json", "jsonl"}:
            return f"a format is given with -f; write nkplan export -f {words[0]}"
        noun = "sites" if words[0] in _FORMATS else words[0]
        command = join(["nkplan", "list", noun, "-f", "csv"])
        return f"export writes everything on record, as json or jsonl; write {command}"
    if name in {"show", "log"}:
        return f"a name of several words needs quotes; write {join(['nkplan', name, ' '.join(words)])}"
    return None


def _explain_missing_value(name: str, context: Any) -> str | None:
    """Say that an option needs a value, and of what."""
    found = (one for one in context.command.params if name in one.opts and one.metavar)
    metavar = next((one.metavar for one in found), None)
    return metavar and f"{name} needs a value; write {name} {metavar}"


def _find_number(name: str, arguments: Sequence[str]) -> str:
    """Return the number that was typed with an option, or else N."""
    for typed, following in zip(arguments, [*arguments[1:], ""], strict=True):
        if typed == name:
            return following if following.isascii() and following.isdigit() else "N"
        if typed.startswith(name):
            number = typed.removeprefix(name).removeprefix("=")
            return number if number.isascii() and number.isdigit() else "N"
    return "N"
