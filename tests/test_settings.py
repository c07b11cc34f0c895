"""The settings file: found as it was left, and never in the way of starting."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from salescoach.settings import (
    KEYS,
    SettingRefused,
    Settings,
    choose_lang,
    load_settings,
    set_setting,
    template,
    write_template,
)
from salescoach.words import LANGS, Lang, Words

ENGLISH = {"LANG": "en_US.UTF-8"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "home" / "config.toml"


def put(config: Path, text: str | bytes) -> Path:
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_bytes(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
    return config


def warnings(config: Path, text: str | bytes) -> list[str]:
    return [str(warning) for warning in load_settings(put(config, text), ENGLISH)[1]]


def test_no_file_means_the_defaults(config: Path) -> None:
    """A new user has nothing to set up, and looking makes no file."""
    assert load_settings(config, ENGLISH) == (Settings(), ())
    assert not config.parent.exists()


def test_everything_can_be_set(config: Path) -> None:
    """Each key of the file is a setting."""
    text = """
        lang = "zh"
        me = " 王\u202e工 "
        role = "coach"
        theme = "catppuccin-mocha"
        currency = "EUR"
        stalled_days = 7
        receivables_days = 45
        receivables_share = 25
        [keymap]
        "home.new" = "n,plus"
        "deal.tick" = ["space", "x"]
        home.search = "slash"
    """
    assert load_settings(put(config, text), ENGLISH) == (
        Settings(
            lang="zh",
            me="王工",
            role="coach",
            theme="catppuccin-mocha",
            currency="EUR",
            stalled_days=7,
            receivables_days=45,
            receivables_share=25,
            keymap={"home.new": "n,plus", "deal.tick": "space,x", "home.search": "slash"},
        ),
        (),
    )


def test_the_template_says_the_defaults_in_both_languages(config: Path) -> None:
    """What is written the first time means what no file means, and explains itself."""
    for lang in LANGS:
        assert write_template(config, Words(lang))
        assert load_settings(config, ENGLISH) == (Settings(), ())
        text = config.read_text("utf-8")
        assert text.count("\n# ") == len(KEYS)
        assert ("停滞" in text) == (lang == "zh")
        assert config.stat().st_mode & 0o777 == 0o600
        assert not write_template(config, Words("en"))
        assert config.read_text("utf-8") == text
        config.unlink()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('lang = "fr"', "lang cannot be fr, so the default is used. Write “auto”, “zh” or “en”"),
        ("lang = 1", "lang cannot be 1, so the default is used. Write “auto”, “zh” or “en”"),
        ('role = "boss"', "role cannot be boss, so the default is used. Write “rep” or “coach”"),
        (
            'currency = "yuan"',
            "currency cannot be yuan, so the default is used. Write three capital letters, such as “CNY”",
        ),
        (
            "stalled_days = -1",
            "stalled_days cannot be -1, so the default is used. Write a whole number from 1 to 3650",
        ),
        (
            "stalled_days = true",
            "stalled_days cannot be True, so the default is used. Write a whole number from 1 to 3650",
        ),
        (
            "receivables_days = 1.5",
            "receivables_days cannot be 1.5, so the default is used. Write a whole number from 1 to 3650",
        ),
        (
            "receivables_share = 101",
            "receivables_share cannot be 101, so the default is used. Write a whole number from 1 to 100",
        ),
        (
            'theme = "Dark!"',
            "theme cannot be Dark!, so the default is used. Write “auto”, “dark”, “light”, “ansi” or a theme's name",
        ),
        (
            "me = 5",
            "me cannot be 5, so the default is used. Write a name of at most 200 characters",
        ),
        (
            'keymap = "n"',
            'keymap cannot be n, so the default is used. Write a table of command = "keys", such as "home.new" = "n"',
        ),
        (
            "keymap = {a = 1}",
            'keymap cannot be {a = 1}, so the default is used. Write a table of command = "keys", such as "home.new" = "n"',
        ),
        (
            "keymap = {a = [1]}",
            'keymap cannot be {a = [1]}, so the default is used. Write a table of command = "keys", such as "home.new" = "n"',
        ),
        ('langs = "zh"', "there is no setting langs; it is ignored. Did you mean lang?"),
        ("zzz = 1", "there is no setting zzz; it is ignored. Remove it"),
    ],
)
def test_a_wrong_line_is_one_line_with_file_key_and_mend(
    config: Path, line: str, expected: str
) -> None:
    """The rest of the file counts, and the program starts."""
    text = f'me = "王工"\n{line}\n' if not line.startswith("me") else f'role = "coach"\n{line}\n'
    found, (warning,) = load_settings(put(config, text), ENGLISH)
    assert str(warning) == f"{config}: {expected}"
    assert warning.key == line.partition(" ")[0]
    assert (found.me, found.role) in {("王工", "rep"), ("", "coach")}
    changed = set(found._fields) - {"me", "role"}
    assert all(getattr(found, name) == getattr(Settings(), name) for name in changed)


@pytest.mark.parametrize(
    "data",
    [
        b"lang = ",
        b"\xff\xfe\x00",
        b"\0" * 100,
        b"a = " + b"[" * 5000,
        b"x = 1\nx = 2",
        b"a = 9" + b"9" * 5000,
    ],
)
def test_a_file_that_is_no_toml_is_one_line(config: Path, data: bytes) -> None:
    """All defaults, and a line that says where."""
    found, (warning,) = load_settings(put(config, data), ENGLISH)
    assert found == Settings()
    assert str(warning).startswith(f"{config}: not valid TOML (")
    assert "\n" not in str(warning)
    assert config.read_bytes() == data


def test_a_file_that_cannot_be_read_is_one_line(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder in its place, too much of it, or no permission."""
    config.mkdir(parents=True)
    (warning,) = load_settings(config, ENGLISH)[1]
    assert str(warning).startswith(f"{config}: this is not a regular file")
    config.rmdir()
    assert "larger than 128 KB" in warnings(config, b"# " + b"x" * (1024 * 1024))[0]

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    (warning,) = load_settings(config, ENGLISH)[1]
    assert str(warning).startswith(f"{config}: cannot be read (Permission denied)")


def test_warnings_speak_the_users_language(config: Path) -> None:
    """The file's own language where that is right, else the environment's."""
    assert "没有 zzz 这个设置" in warnings(config, 'lang = "zh"\nzzz = 1')[0]
    put(config, "zzz = 1")
    assert "没有" in str(load_settings(config, {"LANG": "zh_CN.UTF-8"})[1][0])


def test_hostile_values_reach_no_terminal(config: Path) -> None:
    """What a warning repeats is cleaned and short."""
    text = 'lang = "\\u001b]52;c;aGk=\\u0007\\u202e' + "x" * 300 + '"\n"\\u001b[2J" = 1'
    for line in warnings(config, text):
        assert line.isprintable()
        assert len(line) < 400


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.binary(max_size=200)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))
)
def test_nothing_keeps_the_program_from_starting(config: Path, data: bytes) -> None:
    """Whatever is in the file."""
    found, told = load_settings(put(config, data), ENGLISH)
    assert isinstance(found, Settings)
    assert all("\n" not in str(warning) for warning in told)


@pytest.mark.parametrize(
    ("environ", "asked", "setting", "lang"),
    [
        ({"LANG": "zh_CN.UTF-8"}, None, "auto", "zh"),
        ({"LANG": "ZH_TW"}, None, "", "zh"),
        ({"LANG": "de_DE.UTF-8"}, None, "auto", "en"),
        ({}, None, "auto", "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, None, "auto", "en"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, None, "auto", "zh"),
        ({"LANG": "en_US"}, None, "zh", "zh"),
        ({"LANG": "zh_CN", "SALESCOACH_LANG": "en"}, None, "zh", "en"),
        ({"SALESCOACH_LANG": "en"}, "zh", "en", "zh"),
        ({"SALESCOACH_LANG": "fr"}, "xx", "zh", "zh"),
    ],
)
def test_who_says_which_language(
    environ: dict[str, str], asked: str | None, setting: str, lang: Lang
) -> None:
    """The command line, SALESCOACH_LANG, the settings, the locale, in that order."""
    assert choose_lang(environ, asked=asked, setting=setting) == lang


def test_a_setting_is_changed_and_the_comments_stay(config: Path) -> None:
    """Nothing but the value is touched, and the table of keys is not swallowed."""
    text = '# mine\nlang = "en"  # english\n\n[keymap]\n"home.new" = "n" # new\n'
    put(config, text)
    set_setting(config, "lang", "zh")
    assert config.read_text("utf-8") == text.replace('"en"', '"zh"')
    set_setting(config, "theme", "dark")
    found, told = load_settings(config, ENGLISH)
    assert (found.lang, found.theme, found.keymap, told) == ("zh", "dark", {"home.new": "n"}, ())
    assert "# mine" in config.read_text("utf-8")
    assert "# new" in config.read_text("utf-8")


def test_the_first_change_makes_a_file_with_comments(config: Path) -> None:
    """Somebody who switches the language finds the other settings explained."""
    set_setting(config, "lang", "zh", Words("zh"))
    set_setting(config, "keymap", {"home.new": "plus"}, Words("zh"))
    found, told = load_settings(config, ENGLISH)
    assert (found, told) == (Settings(lang="zh", keymap={"home.new": "plus"}), ())
    assert "停滞" in config.read_text("utf-8")
    assert config.parent.stat().st_mode & 0o777 == 0o700


def test_a_linked_file_stays_a_link(config: Path, tmp_path: Path) -> None:
    """People keep their settings in one place and link them."""
    real = put(tmp_path / "dotfiles" / "salescoach.toml", "# mine\n")
    config.parent.mkdir(parents=True)
    config.symlink_to(real)
    set_setting(config, "me", "王工")
    assert config.is_symlink()
    assert load_settings(real, ENGLISH)[0].me == "王工"


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("lang", "fr", "setting-refused"),
        ("stalled_days", "14", "setting-refused"),
        ("me", "x" * 201, "setting-refused"),
        ("keymap", {"a": 1}, "setting-refused"),
        ("langs", "zh", "setting-no-such"),
        ("__class__", 1, "setting-no-such"),
    ],
)
def test_a_wrong_setting_is_refused(config: Path, key: str, value: object, code: str) -> None:
    """Nothing is written."""
    with pytest.raises(SettingRefused) as failure:
        set_setting(config, key, value)
    assert failure.value.code == code
    assert not config.exists()


@pytest.mark.parametrize("data", [b"lang = ", b"\xff"])
def test_a_broken_file_is_not_overwritten(config: Path, data: bytes) -> None:
    """A setting cannot be changed in a file that nobody can read."""
    put(config, data)
    with pytest.raises(SettingRefused) as failure:
        set_setting(config, "lang", "zh")
    assert failure.value.code == "setting-not-toml-set"
    assert config.read_bytes() == data


def test_a_failed_write_keeps_the_file(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old settings are there."""
    put(config, "# mine\n")

    def refuse(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="No space"):
        set_setting(config, "lang", "zh")
    assert list(config.parent.iterdir()) == [config]
    assert config.read_text("utf-8") == "# mine\n"


def test_every_setting_is_in_the_template() -> None:
    """A setting that nobody can find is none."""
    text = template(Words("en"))
    for name in Settings._fields:
        assert f"\n{name} = " in text or f"[{name}]" in text
