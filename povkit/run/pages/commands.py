"""docs/commands.md: the command line as Typer knows it."""

from collections.abc import Iterable, Mapping
from typing import Any

from povkit.run.pages.text import MADE, paragraph, table

_INTRO = """\
# 命令 · Commands

`povkit COMMAND --help` says the same. Exit status: 0 done, 1 a county failed, 2 the input or the arguments cannot be
used. `POVKIT_LANGUAGE=en` makes English the default.
"""


def commands_page(program: Any) -> str:
    """The page for a Typer command group; hidden commands are left out."""
    shown = {name: command for name, command in program.commands.items() if not command.hidden}
    lines = [MADE, "", _INTRO]
    lines += ["## povkit", "", paragraph(program.help or ""), "", *_table(program)]
    for name, command in shown.items():
        lines += [f"## povkit {name}", "", paragraph(command.help or ""), "", f"`{_usage(name, command.params)}`", ""]
        lines += _table(command)
    return "\n".join(lines).rstrip() + "\n"


def _table(command: Any) -> list[str]:
    rows = [_row(each) for each in command.params if not each.hidden]
    return table(("argument, option", "default", "help"), rows)


def _usage(name: str, parameters: Iterable[Any]) -> str:
    """How the command is written: what must be there, then [options]."""
    words = [f"povkit {name}"]
    options = False
    for each in parameters:
        if each.param_type_name == "argument":
            word = each.name.upper() + (" …" if each.nargs != 1 else "")
            words.append(word if each.required else f"[{word}]")
        elif each.required:
            words.append(f"{each.opts[0]} {each.name.upper()}")
        else:
            options = True
    return " ".join([*words, *(["[options]"] if options else [])])


def _row(each: Any) -> tuple[str, str, str]:
    names = each.name.upper() if each.param_type_name == "argument" else ", ".join((*each.opts, *each.secondary_opts))
    taken = "" if each.param_type_name == "argument" or each.is_flag else f" {_kind(each)}"
    several = " (repeatable)" if getattr(each, "multiple", False) else ""
    default = "required" if each.required else _default(vars(each))
    return f"`{names}{taken}`{several}", default, paragraph(each.help or "")


def _kind(each: Any) -> str:
    """What an option takes: the choices, or the name of the type."""
    taken = each.type_descriptor.annotation
    choices = [member.value for member in taken] if hasattr(taken, "__members__") else []
    return "|".join(choices) or each.name.upper()


def _default(settings: Mapping[str, Any]) -> str:
    value = settings["default"]
    return "" if value is None or value is False or callable(value) else f"`{getattr(value, 'value', value)}`"
