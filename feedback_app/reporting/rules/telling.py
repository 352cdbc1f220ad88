"""Which causes, names and offers a narrowed report may tell one by one.

A code is told alone only if in *every* atom its count is 0 or large enough. The codes that
are not told must be that many together as well, since a sum minus what is told gives them:
so ever more codes go untold, the rarest first, until they are. What goes untold together is
not shown as a row of its own: for respondents who name several causes it would tell how many
name one and not the other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from feedback_app.reporting.rules.atoms import SIDES, Atom, is_tellable
from feedback_app.reporting.rules.counts import Places
from feedback_app.reporting.rules.told import Told

#: Codes that some respondents share, the atom they are in, how many they are.
Row = tuple[frozenset[str], Atom, int]

#: Stands in a row of codes for whoever names none.
NOBODY = ""


@dataclass(frozen=True, slots=True)
class Telling:
    """`told` codes stand alone; `hidden_sides` must not be told at all.

    `tells_rest`: whether the count of those who name nothing may be told. `dropped` codes
    count as nothing named, since only so is the count of the rest safe.
    """

    told: frozenset[str]
    hidden_sides: frozenset[str]
    tells_rest: bool
    dropped: frozenset[str]


def tell_causes(
    rows: Sequence[Row],
    places: Places,
    *,
    allowed: Collection[str],
    tells_rest: bool,
    is_exact: bool,
    smallest: int,
) -> Telling:
    """Decide for causes on their sides, whose counts by atom are tellable themselves.

    `allowed` codes are told by the whole survey's report, and `tells_rest` says whether it
    tells how many name nothing. `is_exact`: everybody names at most one side, so the counts
    of the sides give the rest away.
    """
    by_code = _by_code(rows)
    untold: set[str] = set()
    for side in SIDES:
        codes = [code for code in by_code if code and places[code][0] == side]
        untold |= _untold(rows, codes, allowed, by_code, smallest)
    told = by_code.keys() - untold - {NOBODY}
    rest_is_safe = tells_rest and _are_tellable(by_code[NOBODY], smallest)
    if rest_is_safe or not is_exact:
        return Telling(frozenset(told), frozenset(), rest_is_safe, frozenset())
    return _hide_rest(rows, places, told, by_code, smallest)


def _hide_rest(
    rows: Sequence[Row],
    places: Places,
    told: set[str],
    by_code: dict[str, Counter[Atom]],
    smallest: int,
) -> Telling:
    """Let the rarest causes go untold with the rest until they are enough together."""
    dropped: set[str] = set()
    while True:
        # A whole group goes at once: what a side leaves untold is known from its sum.
        left = sorted(
            by_code.keys() - dropped - {NOBODY},
            key=lambda code: (code in told, by_code[code].total(), code),
        )
        if not left:
            break
        first = left[0]
        side = places[first][0]
        together = {c for c in left if c not in told and places[c][0] == side} or {first}
        dropped |= together
        rest = _rest(rows, dropped)
        if _are_tellable(rest, smallest) and any(rest.values()):
            break
    hidden = frozenset(places[code][0] for code in dropped)
    return Telling(frozenset(told - dropped), hidden, tells_rest=False, dropped=frozenset(dropped))


def _rest(rows: Iterable[Row], dropped: Collection[str]) -> Counter[Atom]:
    """Whoever names nothing but `dropped` codes, by atom."""
    found: Counter[Atom] = Counter()
    for codes, atom, number in rows:
        if codes.issubset(dropped):
            found[atom] += number
    return found


def tell_names(rows: Sequence[Row], *, allowed: Collection[str], smallest: int) -> frozenset[str]:
    """The codes to tell where they stand on no side; of a row several may be named."""
    by_code = _by_code(rows)
    codes = [code for code in by_code if code]
    untold = _untold(rows, codes, allowed, by_code, smallest)
    while True:
        # Those who name nothing told, nobody's rows included.
        if _are_tellable(_rest(rows, untold), smallest) or len(untold) == len(codes):
            return frozenset(set(codes) - untold)
        alone = [code for code in codes if code not in untold]
        untold.add(min(alone, key=lambda code: (by_code[code].total(), code)))


def tell_competitors(
    rows: Sequence[tuple[str, str, Atom, int]], whole: Told, *, smallest: int
) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """Competitors and offers to tell; None where the whole table must not be.

    Rows say competitor ("" = not named), offers (joined codes), atom, respondents.
    """
    asked: Counter[Atom] = Counter()
    for _name, _offers, atom, number in rows:
        asked[atom] += number
    if not _are_tellable(asked, smallest):
        return None, None
    names = offers = None
    if whole.competitors is not None:
        # Not naming anybody is told like a name; a space can be no competitor's.
        allowed = {name or " " for name in whole.competitors}
        named = [(frozenset([name or " "]), atom, number) for name, _o, atom, number in rows]
        told = tell_names(named, allowed=allowed, smallest=smallest)
        names = frozenset(name.strip() for name in told)
    if whole.offers is not None:
        offered = [(frozenset(codes.split()), atom, number) for _n, codes, atom, number in rows]
        offers = tell_names(offered, allowed=whole.offers, smallest=smallest)
    return names, offers


def _untold(
    rows: Sequence[Row],
    codes: Sequence[str],
    allowed: Collection[str],
    by_code: dict[str, Counter[Atom]],
    smallest: int,
) -> set[str]:
    untold = {
        code for code in codes if code not in allowed or not _are_tellable(by_code[code], smallest)
    }
    while untold and not _are_tellable(_any_of(rows, untold), smallest):
        alone = [code for code in codes if code not in untold]
        if not alone:
            break
        untold.add(min(alone, key=lambda code: (by_code[code].total(), code)))
    return untold


def _any_of(rows: Iterable[Row], codes: set[str]) -> Counter[Atom]:
    """Whoever names at least one of `codes`, by atom."""
    found: Counter[Atom] = Counter()
    for named, atom, number in rows:
        if not codes.isdisjoint(named):
            found[atom] += number
    return found


def _by_code(rows: Iterable[Row]) -> dict[str, Counter[Atom]]:
    found: dict[str, Counter[Atom]] = defaultdict(Counter)
    for codes, atom, number in rows:
        for code in codes or (NOBODY,):
            found[code][atom] += number
    return found


def _are_tellable(by_atom: Counter[Atom], smallest: int) -> bool:
    return all(is_tellable(count, smallest) for count in by_atom.values())
