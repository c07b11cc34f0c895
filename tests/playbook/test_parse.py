"""A company edits its playbook and makes a mistake: each mistake is one line that names file, path and mend."""

from __future__ import annotations

from collections.abc import Callable
from string import Formatter

import pytest

from salescoach.playbook.errors import PlaybookInvalid, Problem
from salescoach.playbook.models import Text
from salescoach.playbook.parse import FILE_LIMIT, FILES_LIMIT, parse
from salescoach.words import Words
from salescoach.words.playbook_problems import TEXTS

from .editions import FIRST, SECOND, Edition, entry, item, lines, text

Spoil = Callable[[dict[str, dict[str, object]]], object]


def first_move(edition: Edition) -> dict[str, object]:
    found: dict[str, object] = edition.trees[FIRST]["moves"][0]
    return found


def test_the_small_edition_is_valid(edition: Edition) -> None:
    playbook = edition.parse()
    assert [stage.key for stage in playbook.stages] == ["opening", "proving"]
    assert list(playbook.places) == ["seen", "asked", "told", "shown", "won"]
    assert playbook.tools.organisation.roles[1].is_key


def test_a_plain_text_is_the_same_in_all_languages(edition: Edition) -> None:
    assert edition.parse().summary == Text(zh="42", en="42")


MISTAKES: list[tuple[str, Callable[[Edition], object], str]] = [
    (
        "misspelt key",
        lambda e: first_move(e).update(pitfall=[text()]),
        'stages/1-opening.toml: moves[0].pitfall (look): unknown key "pitfall"; did you mean "pitfalls"?',
    ),
    (
        "unknown key",
        lambda e: first_move(e).update(zzz=1),
        (
            'stages/1-opening.toml: moves[0].zzz (look): unknown key "zzz"; '
            "remove it; known here: key, name, purpose, how, pitfalls, questions, tools, items"
        ),
    ),
    (
        "unknown language",
        lambda e: e.trees[FIRST]["purpose"].update(fr="Bonjour"),
        'stages/1-opening.toml: purpose.fr (opening): unknown key "fr"; remove it; known here: zh, en',
    ),
    (
        "missing key",
        lambda e: e.trees["tools/relationship.toml"]["rungs"][1].pop("marker"),
        'tools/relationship.toml: rungs[1].marker (engagement): "marker" is missing; add it',
    ),
    (
        "missing language",
        lambda e: e.trees[FIRST]["moves"][1]["items"][1]["text"].pop("en"),
        (
            'stages/1-opening.toml: moves[1].items[1].text.en (told): the text in the language "en" is missing; '
            "add it, or take the language out of languages in playbook.toml"
        ),
    ),
    (
        "language listed twice",
        lambda e: e.trees["playbook.toml"].update(languages=["zh", "en", "zh"]),
        "playbook.toml: languages: a language is listed twice; list each language once",
    ),
    (
        "dangling tool, misspelt",
        lambda e: first_move(e).update(tools=["fact"]),
        (
            'stages/1-opening.toml: moves[0].tools[0] (look): "fact" does not exist; did you mean "facts"? '
            "Known: facts, organisation, opportunity, relationship, styles, needs, phases, proposal, talk, closing, "
            "negotiation, service, receivables"
        ),
    ),
    (
        "dangling role",
        lambda e: e.trees["tools/phases.toml"]["phases"][0].update(key_role="zzz"),
        (
            'tools/phases.toml: phases[0].key_role (need-found): "zzz" does not exist; '
            "write one of these or remove it: initiator, decision-maker"
        ),
    ),
    (
        "dangling function",
        lambda e: e.trees["tools/organisation.toml"]["roles"][0].update(functions=["zzz"]),
        (
            'tools/organisation.toml: roles[0].functions[0] (initiator): "zzz" does not exist; '
            "write one of these or remove it: f"
        ),
    ),
    (
        "dangling stage",
        lambda e: e.trees[FIRST].update(beside=["provin"]),
        (
            'stages/1-opening.toml: beside[0] (opening): "provin" does not exist; did you mean "proving"? '
            "Known: opening, proving"
        ),
    ),
    (
        "beside itself",
        lambda e: e.trees[FIRST].update(beside=["opening"]),
        (
            "stages/1-opening.toml: beside[0] (opening): a stage cannot be open beside itself; "
            'remove "opening" from beside'
        ),
    ),
    (
        "follows on the first stage",
        lambda e: e.trees[FIRST]["entry"].update(follows=True),
        (
            "stages/1-opening.toml: entry.follows (opening): the first stage has none before it to follow; "
            "remove follows"
        ),
    ),
    (
        "follows on an exit",
        lambda e: e.trees[SECOND]["exit"].update(follows=True),
        (
            "stages/2-proving.toml: exit.follows (proving): only an entry marker can have follows; "
            "move it to the entry of the next stage"
        ),
    ),
    (
        "a short form that is not shorter",
        lambda e: first_move(e)["items"][0].update(short={"en": "Somebody said so."}),  # type: ignore[index]
        (
            "stages/1-opening.toml: moves[0].items[0].short.en (seen): the short form takes 17 cells, "
            "and the text only 16; make it shorter, or remove short"
        ),
    ),
    (
        "an empty short form",
        lambda e: e.trees[SECOND]["exit"].update(short={}),
        "stages/2-proving.toml: exit.short (proving): the text is empty; write something, or leave the key out",
    ),
    (
        "a short form of nothing",
        lambda e: e.trees[SECOND]["exit"].update(short={"en": " "}),
        (
            "stages/2-proving.toml: exit.short.en (proving): the text is empty; "
            "write something, or leave the key out"
        ),
    ),
    (
        "same item twice in the edition",
        lambda e: e.trees[SECOND]["moves"][0]["items"].append(item("seen")),
        (
            'stages/2-proving.toml: moves[0].items[1].key (seen): the key "seen" is already used at '
            "stages/1-opening.toml: moves[0].items[0]; choose another key"
        ),
    ),
    (
        "same move twice",
        lambda e: e.trees[SECOND]["moves"][1].update(key="ask"),
        (
            'stages/2-proving.toml: moves[1].key (ask): the key "ask" is already used at '
            "stages/1-opening.toml: moves[1]; choose another key"
        ),
    ),
    (
        "same entry twice in a tool",
        lambda e: e.trees["tools/talk.toml"]["steps"].append(entry("a")),
        (
            'tools/talk.toml: steps[2].key (a): the key "a" is already used at tools/talk.toml: steps[0]; '
            "choose another key"
        ),
    ),
    (
        "a rung like the bottom of the ladder",
        lambda e: e.trees["tools/relationship.toml"]["none"].update(key="engagement"),
        (
            'tools/relationship.toml: rungs[1].key (engagement): the key "engagement" is already used at '
            "tools/relationship.toml: none; choose another key"
        ),
    ),
    (
        "a tool's key is not its file",
        lambda e: e.trees["tools/talk.toml"].update(key="speech"),
        'tools/talk.toml: key (speech): the tool\'s key "speech" is not the name of its file; write key = "talk"',
    ),
    (
        "a field of the quadrant twice",
        lambda e: e.trees["tools/receivables.toml"]["quadrant"].append(
            entry("other", overdue="short", amount="small", escalation="rep")
        ),
        "tools/receivables.toml: quadrant[1]: the field short/small is there twice; have each field once",
    ),
    (
        "a check without its rung",
        lambda e: e.trees[SECOND]["exit"].update(auto="an-ally"),
        (
            'stages/2-proving.toml: exit.auto (proving): the check "an-ally" looks for the rung "alliance", which the '
            "playbook does not have; add it to tools/relationship.toml, or remove auto"
        ),
    ),
    (
        "an unknown check, misspelt",
        lambda e: e.trees[SECOND]["exit"].update(auto="four-question"),
        (
            'stages/2-proving.toml: exit.auto (proving): "four-question" is not possible here; did you mean '
            '"four-questions"? Possible: four-questions, key-contacts-known, key-contacts-acquainted, '
            "key-contacts-engaged, key-contacts-trusting, an-ally, a-guide, contacts-placed, reporting-lines, "
            "styles-judged, buying-phase-set, amount-and-date, agreement-signed"
        ),
    ),
    (
        "an unknown kind",
        lambda e: first_move(e).update(items=[item("seen", kinds=["zzz"])]),
        (
            'stages/1-opening.toml: moves[0].items[0].kinds[0] (seen): "zzz" is not possible here; '
            "write one of: simple, complex"
        ),
    ),
    (
        "a flag in quotes",
        lambda e: first_move(e).update(items=[item("seen", required="yes")]),
        (
            'stages/1-opening.toml: moves[0].items[0].required (seen): this must be true or false, not "yes"; '
            "write true or false without quotes"
        ),
    ),
    (
        "a number for a text",
        lambda e: e.trees[FIRST].update(name=6),
        (
            "stages/1-opening.toml: name (opening): this must be a text, not 6; put it in quotes, or write "
            '{ zh = "…", en = "…" }'
        ),
    ),
    (
        "a number for a language",
        lambda e: e.trees[FIRST]["name"].update(zh=6),
        "stages/1-opening.toml: name.zh (opening): this must be a text, not 6; put it in quotes",
    ),
    (
        "a text for a list",
        lambda e: first_move(e).update(how="Do it"),
        'stages/1-opening.toml: moves[0].how (look): this must be a list, not "Do it"; put it in square brackets',
    ),
    (
        "a text for a table",
        lambda e: e.trees[FIRST].update(entry="Now"),
        (
            'stages/1-opening.toml: entry (opening): this must be a table, not "Now"; '
            "write it as a table, as in the packaged playbook"
        ),
    ),
    (
        "an empty text",
        lambda e: e.trees[FIRST].update(name=text(en=" \x07 ")),
        "stages/1-opening.toml: name.en (opening): the text is empty; write something, or leave the key out",
    ),
    (
        "an empty list",
        lambda e: first_move(e).update(pitfalls=[]),
        "stages/1-opening.toml: moves[0].pitfalls (look): the list is empty; put at least one thing in it",
    ),
    (
        "a long text",
        lambda e: e.trees[FIRST].update(name=text(en="x" * 2_001)),
        "stages/1-opening.toml: name.en (opening): longer than 2000 characters; make it shorter",
    ),
    (
        "a key with a capital",
        lambda e: first_move(e).update(key="Look"),
        (
            'stages/1-opening.toml: moves[0].key (Look): "Look" is no key; use lower-case letters, digits and hyphens, '
            "a letter first, such as problem-owner-named"
        ),
    ),
    (
        "a version in two parts",
        lambda e: e.trees["playbook.toml"].update(version="1.0"),
        'playbook.toml: version: "1.0" is no version; write three numbers, such as 1.2.0',
    ),
    (
        "a later format",
        lambda e: e.trees["playbook.toml"].update(format=2),
        "playbook.toml: format: 2 is not possible here; write one of: 1",
    ),
    (
        "a link",
        lambda e: e.trees[FIRST].update(name=text(en="See https://example.com")),
        "stages/1-opening.toml: name.en: a text with a web address; say it in words: a playbook has no links",
    ),
    (
        "too deep",
        lambda e: e.trees[FIRST].update(name={"zh": deep(20)}),
        "stages/1-opening.toml: name.zh"
        + "[0]" * 14
        + ": nested too deeply; write it flat, as in the packaged playbook",
    ),
    (
        "a missing file",
        lambda e: e.trees.pop("tools/talk.toml"),
        "tools/talk.toml: the file is missing; bring it back, for example from the packaged playbook",
    ),
    (
        "an extra file",
        lambda e: e.trees.update({"notes.toml": {}}),
        "notes.toml: a playbook has no such file; move it away or delete it",
    ),
    (
        "an extra file in a deeper folder",
        lambda e: e.trees.update({"stages/old/1-opening.toml": {}}),
        (
            "stages/old/1-opening.toml: this is no name for a stage file; name it number-name.toml, such as "
            "3-uncovering-needs.toml, or move it away"
        ),
    ),
    (
        "a stage file without number",
        lambda e: e.trees.update({"stages/closing.toml": {}}),
        (
            "stages/closing.toml: this is no name for a stage file; name it number-name.toml, such as "
            "3-uncovering-needs.toml, or move it away"
        ),
    ),
    (
        "a gap in the numbers",
        lambda e: e.trees.update({"stages/3-proving.toml": e.trees.pop(SECOND)}),
        "stages/3-proving.toml: the numbers have a gap: there is no 2; number the stage files 1, 2, 3 without gaps",
    ),
    (
        "a number twice",
        lambda e: e.trees.update({"stages/1-proving.toml": e.trees.pop(SECOND)}),
        "stages/1-proving.toml: the same number as stages/1-opening.toml; give each stage a number of its own",
    ),
]


def deep(levels: int) -> list[object]:
    return [deep(levels - 1)] if levels else []


@pytest.mark.parametrize(
    ("spoil", "line"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES]
)
def test_each_mistake_is_one_line(
    edition: Edition, spoil: Callable[[Edition], object], line: str
) -> None:
    spoil(edition)
    found = edition.lines()
    assert line in found
    # A thing nested too deeply or a wrong key is also not what the model wants there; nothing else may be blamed.
    assert all(
        other == line or other.startswith(line.split(": ", maxsplit=1)[0]) for other in found
    )


@pytest.mark.parametrize("row", MISTAKES, ids=[row[0] for row in MISTAKES])
def test_each_mistake_is_told_in_chinese_too(
    edition: Edition, row: tuple[str, Callable[[Edition], object], str]
) -> None:
    row[1](edition)
    with pytest.raises(PlaybookInvalid) as caught:
        edition.parse()
    for problem in caught.value.errors:
        told = problem.line(Words("zh"))
        assert told.startswith(problem.file)
        assert "\n" not in told
        assert any("\u4e00" <= char <= "\u9fff" for char in told)


RAW: list[tuple[str, bytes, str]] = [
    (
        "full-width quotes",
        "key = “talk”".encode(),
        (
            "tools/talk.toml: line 1, column 7: this is not TOML: Invalid value; check quotes, commas and brackets here "
            "and on the line before; they must not be full-width"
        ),
    ),
    (
        "cut off",
        b'key = "talk"\nname = {',
        "tools/talk.toml: end of document: this is not TOML: Unterminated",
    ),
    (
        "GBK",
        'key = "talk"\nname = "中文"'.encode("gbk"),
        "tools/talk.toml: line 2: this is not UTF-8 text; save it as UTF-8 in your editor",
    ),
    (
        "a file of NULs",
        b"\0" * 100,
        "tools/talk.toml: line 1, column 1: this is not TOML: ",
    ),
    (
        "too large",
        b"#" * (FILE_LIMIT + 1),
        "tools/talk.toml: the file is larger than 256 KB; shorten it",
    ),
    (
        "nested without end",
        b"a = " + b"[" * 100_000,
        "tools/talk.toml: nested too deeply; write it flat, as in the packaged playbook",
    ),
    (
        "a key with very many parts",
        b"a." * 100_000 + b"b = 1",
        "tools/talk.toml: line 1: this line has too many dots; split the line",
    ),
    (
        "a number without end",
        b"a = " + b"9" * 100_000,
        "tools/talk.toml: this is not TOML: ",
    ),
]


@pytest.mark.parametrize(("data", "start"), [row[1:] for row in RAW], ids=[row[0] for row in RAW])
def test_what_is_no_toml_is_one_line(edition: Edition, data: bytes, start: str) -> None:
    found = lines(edition.files | {"tools/talk.toml": data})
    assert len(found) == 1
    if start.endswith("Unterminated"):
        start = start.removesuffix("Unterminated")
    assert found[0].startswith(start)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_files(edition: Edition) -> None:
    edition.trees["playbook.toml"].pop("id")
    edition.trees[FIRST]["nmae"] = "x"
    edition.trees[SECOND]["moves"][0]["tools"] = ["zzz"]
    edition.trees["tools/styles.toml"].pop("styles")
    files = edition.files | {"tools/talk.toml": b"["}
    assert [line.split(": ")[0] for line in lines(files)] == [
        "playbook.toml",
        FIRST,
        SECOND,
        "tools/styles.toml",
        "tools/talk.toml",
    ]


def test_references_are_checked_although_the_files_have_other_mistakes(edition: Edition) -> None:
    edition.trees[FIRST]["zzz"] = 1
    edition.trees[SECOND]["moves"][0]["items"].append(item("seen"))
    assert len(edition.lines()) == 2


def test_a_stage_that_cannot_be_read_does_not_make_others_dangle(edition: Edition) -> None:
    found = lines(edition.files | {SECOND: b"key ="})
    assert len(found) == 1
    assert found[0].startswith(SECOND)


def test_roles_that_cannot_be_read_do_not_make_phases_dangle(edition: Edition) -> None:
    found = lines(edition.files | {"tools/organisation.toml": b"key ="})
    assert [line.split(": ")[0] for line in found] == ["tools/organisation.toml"]


def test_values_of_the_wrong_kind_do_not_confuse_the_cross_checks(edition: Edition) -> None:
    edition.trees[FIRST] |= {"key": 1, "beside": "proving", "moves": [1]}
    edition.trees["tools/receivables.toml"]["quadrant"] = [1, 1]
    edition.trees["tools/relationship.toml"]["rungs"] = "none"
    edition.trees["tools/talk.toml"]["key"] = []
    edition.trees["playbook.toml"]["languages"] = "zh"
    found = edition.lines()
    assert len(found) == 8, found


def test_an_empty_edition_says_what_it_lacks() -> None:
    found = lines({})
    assert len(found) == 15
    assert (
        "stages: there is no stage file; add stages/1-name.toml, one file for each stage" in found
    )


def test_a_misnamed_file_is_told_its_name(edition: Edition) -> None:
    edition.trees["tools/fact.toml"] = edition.trees.pop("tools/facts.toml")
    assert edition.lines() == [
        "tools/fact.toml: a playbook has no such file; did you mean tools/facts.toml? Rename it or move it away",
        "tools/facts.toml: the file is missing; bring it back, for example from the packaged playbook",
    ]


def test_the_order_is_that_of_the_numbers_and_not_of_the_alphabet(edition: Edition) -> None:
    spare = edition.trees[SECOND]
    for number in range(3, 12):
        key = f"extra-{number}"
        moves = [spare["moves"][0] | {"key": f"move-{number}", "items": [item(f"item-{number}")]}]
        edition.trees[f"stages/{number}-{key}.toml"] = spare | {"key": key, "moves": moves}
    assert [stage.key for stage in edition.parse().stages][-2:] == ["extra-10", "extra-11"]


def test_too_many_files_and_too_many_bytes_are_refused(edition: Edition) -> None:
    spare = {f"tools/{number}.toml": b"" for number in range(FILES_LIMIT)}
    assert (
        ".: there are more than 64 files; move away what does not belong to the playbook"
        in lines(edition.files | spare)
    )
    heavy = dict.fromkeys(list(edition.files)[:9], b"#" * FILE_LIMIT)
    assert lines(edition.files | heavy) == [
        ".: all files together are larger than 2048 KB; shorten some or move them away"
    ]


def test_a_thousand_mistakes_in_one_file_are_counted_and_not_all_told(edition: Edition) -> None:
    edition.trees[FIRST] |= {f"zzz{number}": number for number in range(1_000)}
    found = edition.lines()
    assert len(found) == 201
    assert (
        found[-1]
        == "stages/1-opening.toml: 800 more mistakes in this file; mend the ones above first"
    )


def test_a_playbook_in_one_language_needs_no_other(edition: Edition) -> None:
    edition.trees["playbook.toml"]["languages"] = ["zh"]
    edition.trees[FIRST]["name"] = {"zh": "开局"}
    playbook = edition.parse()
    assert playbook.languages == ("zh",)
    assert playbook.stages[0].name.get("en") == "开局"
    assert playbook.stages[0].purpose.get("en") == "English"
    edition.trees[FIRST]["name"] = {"en": "Opening"}
    assert len(edition.lines()) == 1


def test_unknown_languages_of_a_broken_head_blame_no_text(edition: Edition) -> None:
    edition.trees[FIRST]["name"] = {"zh": "开局"}
    edition.trees[FIRST]["purpose"] = {}
    found = lines(edition.files | {"playbook.toml": b"languages ="})
    assert [line.split(":")[0] for line in found] == ["playbook.toml", FIRST, FIRST]


def test_texts_are_cleaned(edition: Edition) -> None:
    edition.trees[FIRST]["name"] = text("\x1b[31m开\u202e局\x1b[0m", " two\nlines\u200e ")
    assert edition.parse().stages[0].name == Text(zh="开局", en="two lines")


def test_brackets_stay_as_they_are(edition: Edition) -> None:
    edition.trees[FIRST]["name"] = "[/] [b]x[/b]"
    assert edition.parse().stages[0].name.en == "[/] [b]x[/b]"


def test_a_byte_order_mark_does_no_harm(edition: Edition) -> None:
    assert lines({name: b"\xef\xbb\xbf" + data for name, data in edition.files.items()}) == []


def test_hostile_names_and_keys_stay_one_clean_line(edition: Edition) -> None:
    nasty = "\x1b]52;c;eA==\x07\n[/]\u202e" + "長" * 1_000
    edition.trees[FIRST][nasty] = 1
    edition.trees[SECOND]["moves"][0]["key"] = nasty
    found = lines(edition.files | {f"tools/{nasty}.toml": b""})
    assert len(found) >= 3
    for line in found:
        assert line.isprintable()
        assert len(line) < 1_500


def test_a_problem_has_its_parts_as_the_shell_needs_them(edition: Edition) -> None:
    first_move(edition)["hwo"] = 1
    with pytest.raises(PlaybookInvalid) as caught:
        parse(edition.files)
    (problem,) = caught.value.errors
    assert (problem.file, problem.path, problem.within) == (FIRST, "moves[0].hwo", "look")
    assert (problem.message, problem.mend) == ('unknown key "hwo"', 'did you mean "how"?')
    assert problem == Problem(FIRST, "moves[0].hwo", "misspelt-key", problem.params, "look")


def test_both_languages_of_a_problem_use_the_same_parts() -> None:
    for code, sentences in TEXTS.items():
        parts = [
            {field for _, field, _, _ in Formatter().parse(sentence) if field}
            for sentence in sentences
        ]
        assert parts[0] <= parts[1] or parts[1] <= parts[0], code
        assert code.endswith("-mend") or f"{code}-mend" in TEXTS or "path" in parts[0], code


@pytest.mark.parametrize(
    ("value", "told"),
    [(True, "true"), (2.5, "float"), ({"a": 1}, "a table"), (["a"], "a list"), (10**12, "int")],
)
def test_what_was_written_instead_of_a_text_is_named(
    edition: Edition, value: object, told: str
) -> None:
    edition.trees[FIRST]["name"]["zh"] = value
    assert edition.lines() == [
        f"stages/1-opening.toml: name.zh (opening): this must be a text, not {told}; put it in quotes"
    ]
