"""The check of markup finds each kind of fault, and nothing in a sound page."""

from __future__ import annotations

import pytest

from tests.markup import find_faults

SOUND = """<!doctype html>
<html lang="en"><head><title>Leave a word</title></head>
<body><main><h1>Leave a word</h1>
<form><label for="word">Word</label><input id="word" name="word" aria-describedby="hint">
<p id="hint">One is enough.</p><label><input type="radio" name="a"> Yes</label>
<button>Send</button></form><h2>Why</h2></main></body></html>"""


def test_a_sound_page_has_no_faults() -> None:
    assert find_faults(SOUND) == []


@pytest.mark.parametrize(
    ("sound", "faulty", "said"),
    [
        ('<html lang="en">', "<html>", "names no language"),
        ("<title>Leave a word</title>", "<title></title>", "no title"),
        ("<!doctype html>", "", "doctype"),
        ("</form>", "", "line"),
        ("main>", "section>", "exactly one <main>"),
        ('id="hint"', 'id="word"', "stands 2 times"),
        ('aria-describedby="hint"', 'aria-describedby="clue"', "names no element"),
        ('<label for="word">Word</label>', "", "has no label"),
        ("<button>Send</button>", "<button><a href='/'>Send</a></button>", "stands inside"),
        ("<h2>Why</h2>", "<h3>Why</h3>", "level 3 follows one of level 1"),
        ("<h2>Why</h2>", "<h1>Why</h1>", "2 <h1>"),
        ("<h2>Why</h2>", "<h2>Why</h2><img src='/a.png'>", "no alt text"),
        ("<h2>Why</h2>", "<h2><a href='#gone'>Why</a></h2>", "leads to no element"),
    ],
)
def test_a_fault_is_found(sound: str, faulty: str, said: str) -> None:
    assert sound in SOUND
    assert any(said in fault for fault in find_faults(SOUND.replace(sound, faulty)))
