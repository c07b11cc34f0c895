"""Reads a command line, imports the one module that it needs, runs it, and turns every failure into an exit code."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from salescoach.cli.context import Context, Options
from salescoach.cli.output import Output
from salescoach.cli.registry import MODULES
from salescoach.words import LANGS, Lang, Words

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence


_OWN_WARNINGS = frozenset({"config", "doctor", "completion"})
"""Commands that tell what is wrong with the settings themselves, or whose output goes to no person."""


class Command(Protocol):
    """What a command's module offers."""

    def add_arguments(self, parser: argparse.ArgumentParser, command: str, words: Words) -> None:
        """Describe the command's arguments to its parser."""

    def run(self, context: Context, args: argparse.Namespace) -> int:
        """Do it and return the exit code."""


def run(argv: Sequence[str]) -> int:
    """Run the command line `argv` and return its exit code; nothing is raised."""
    import gc

    from salescoach.cli import reader_gone

    # A command is over before there is garbage worth the time that looking for it takes.
    collecting = gc.isenabled()
    gc.disable()
    argv = [_possible(part) for part in argv]
    output = Output(os.environ, color="--no-color" not in argv)
    this = _Run(argv, output, Words(_early_lang(argv)))
    try:
        code = this.to_the_end()
    except BrokenPipeError:
        return reader_gone()
    except KeyboardInterrupt:
        return 130
    finally:
        if collecting:
            gc.enable()
    return code


def _possible(part: str) -> str:
    """Return an argument without what no system hands over: NULs, and surrogates that stand for no byte."""
    if part.isascii():
        return part.replace("\0", "")
    return "".join(
        char
        for char in part
        if char != "\0" and not ("\ud800" <= char < "\udc80" or "\udcff" < char <= "\udfff")
    )


def load(command: str) -> Command:
    """Return the module of a command, imported at its first use."""
    return cast("Command", import_module(f"salescoach.cli.{MODULES[command]}"))


class _Run:
    """One command line on its way: what is known of it when something goes wrong."""

    def __init__(self, argv: list[str], output: Output, words: Words) -> None:
        self.argv = argv
        self.output = output
        self.words = words
        self.context: Context | None = None

    def to_the_end(self) -> int:
        """Do what the command line asks for, tell what goes wrong, and return the exit code. Raises BrokenPipeError."""
        try:
            code = self.do()
            sys.stdout.flush()
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - told in a line, whatever it is
            from salescoach.cli.failures import report

            playbook = self.context.known_playbook if self.context else None
            return report(error, self.output, self.words, playbook)
        return code

    def do(self) -> int:
        """Do what the command line asks for and return the exit code."""
        options, rest, wish = _globals(self.argv, self.words)
        if wish == "version":
            from salescoach import __version__

            self.output.line(f"salescoach {__version__}")
            return 0
        if rest[:1] == ["help"]:
            options, rest, _ = _globals(rest[1:], self.words)
            wish = "help"
        if wish == "help" and not rest:
            from salescoach.cli.overview import show

            show(self.output, self.words)
            return 0
        if not rest:
            from salescoach.cli.open import start

            return start(self._begin("open", options))
        command, arguments = rest[0], rest[1:]
        _known(command, self.words)
        return self._command(command, ["--help"] if wish == "help" else arguments, options)

    def _command(self, command: str, arguments: list[str], options: Options) -> int:
        from salescoach.cli.parser import Parser, add_globals, speaking, verbs

        module = load(command)
        with speaking(self.words):
            about = self.words(f"help.{command}")
            parser = Parser(prog=f"salescoach {command}", description=about)
            module.add_arguments(parser, command, self.words)
            for each in (parser, *verbs(parser)):
                add_globals(each, self.words)
            try:
                args = parser.parse_args(arguments)
            except SystemExit as done:  # argparse has shown the help
                return int(done.code or 0)
        args.command = command
        options.lang = getattr(args, "lang", options.lang)
        options.playbook = getattr(args, "playbook", options.playbook)
        context = self._begin(command, options)
        code = module.run(context, args)
        context.tell_reopened()
        return code

    def _begin(self, command: str, options: Options) -> Context:
        self.context = Context(options, os.environ, self.output)
        self.words = self.context.words
        if command not in _OWN_WARNINGS:
            for warning in self.context.loaded_settings[1]:
                self.output.tell((str(warning), "warning"))
        return self.context


def _globals(argv: list[str], words: Words) -> tuple[Options, list[str], str]:
    """Take the options that stand before the command; return them, the rest, and `version`, `help` or nothing."""
    options = Options(color="--no-color" not in argv)
    rest = list(argv)
    while rest and rest[0].startswith("-"):
        name, equals, value = rest.pop(0).partition("=")
        if name in {"--version", "-V"}:
            return options, rest, "version"
        if name in {"--help", "-h"}:
            return options, rest, "help"
        if name == "--no-color":
            continue
        if name not in {"--lang", "--playbook"}:
            raise _usage(words("cli.unknown-option", option=name))
        if not equals:
            if not rest:
                raise _usage(words("cli.needs-value", option=name))
            value = rest.pop(0)
        if name == "--playbook":
            options.playbook = value
        else:
            options.lang = _lang(value, words)
    return options, rest, ""


def _lang(value: str, words: Words) -> Lang:
    for lang in LANGS:
        if lang == value:
            return lang
    raise _usage(words("cli.unknown-lang", value=value))


def _usage(message: str) -> Exception:
    from salescoach.cli.parser import UsageError  # argparse, which opening the app does not need

    return UsageError(message)


def _known(command: str, words: Words) -> None:
    """Raise UsageError with the nearest commands when `command` is none."""
    if command in MODULES:
        return
    from difflib import get_close_matches

    near = ", ".join(get_close_matches(command[:80], MODULES, n=3, cutoff=0.5))
    message = words("cli.unknown-command", command=command)
    raise _usage(f"{message} {words('cli.near', names=near)}" if near else message)


def _early_lang(argv: Sequence[str]) -> Lang:
    """Find the language before anything is parsed: help and complaints need it."""
    for at, word in enumerate(argv):
        if word == "--":
            break
        value = argv[at + 1] if word == "--lang" and at + 1 < len(argv) else ""
        if word.startswith("--lang="):
            value = word.removeprefix("--lang=")
        if value in LANGS:
            return "zh" if value == "zh" else "en"
    from salescoach.paths import find_paths
    from salescoach.settings import choose_lang, load_settings

    try:
        settings, _ = load_settings(find_paths(os.environ).config_file, os.environ)
    except Exception:  # noqa: BLE001 - told by the command that needs folders or settings
        return choose_lang(os.environ)
    return choose_lang(os.environ, setting=settings.lang)
