"""Phases and everything the script says, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from feedback_app.brainstorms.rules.phases import ORDER, Phase


@dataclass(frozen=True, slots=True)
class PhaseWords:
    """A phase's name, what to do in it, and why it is there."""

    phase: str
    name: str
    todo: str
    why: str


def phases() -> dict[str, PhaseWords]:
    """Every phase in words, in order."""
    return {phase.value: PhaseWords(phase.value, *_words(phase)) for phase in ORDER}


def _words(phase: Phase) -> tuple[str, str, str]:
    match phase:
        case Phase.LOBBY:
            return (
                _("Arrive"),
                _("We begin in a moment"),
                _("Look around: nobody sees what you write, only that you are here."),
            )
        case Phase.PREDICT:
            return (
                _("Predict"),
                _("Guess the five most frequent causes"),
                _("Before anybody sees data. Later you see how near you were."),
            )
        case Phase.WRITE:
            return (
                _("Write"),
                _("Write down reasons, one per card"),
                _("In silence: alone people find more and dare more than by talking."),
            )
        case Phase.REVEAL:
            return (
                _("Reveal"),
                _("Read what all of us wrote"),
                _("Shuffled and without authors: a card counts for what it says."),
            )
        case Phase.GROUP:
            return (
                _("Group"),
                _("Put together what means the same"),
                _("Nothing is deleted; every step can be taken back."),
            )
        case _:
            return _later_words(phase)


def _later_words(phase: Phase) -> tuple[str, str, str]:
    match phase:
        case Phase.TAG:
            return (
                _("Find the cause"),
                _("Give each group its cause"),
                _("Ask “why?” until you stand at the root, five times at most."),
            )
        case Phase.VOTE:
            return (
                _("Vote"),
                _("Choose what matters most"),
                _("Nobody sees counts before the end, so nobody follows the crowd."),
            )
        case Phase.COMPARE:
            return (
                _("Compare"),
                _("What we think, what customers say"),
                _("Two rankings side by side; they are never added up."),
            )
        case Phase.DECIDE:
            return (
                _("Decide"),
                _("What we do about it"),
                _("An idea, an owner, a day, and how we shall know that it helped."),
            )
        case _:
            return (
                _("Result"),
                _("The session is over"),
                _("Nobody can tell any more who wrote which card."),
            )


def prompts() -> tuple[tuple[str, str], ...]:
    """The question that each side is asked."""
    return (
        ("competitor", _("What do competitors do?")),
        ("company", _("What do we do?")),
        ("client", _("What happens at the client?")),
    )


def script_words() -> dict[str, str]:
    """What the script says."""
    return {**_of_connection(), **_of_groups(), **_of_tags(), **_of_desk()}


def _of_connection() -> dict[str, str]:
    return {
        "offline": _("No connection. Go on writing: everything is kept and sent later."),
        "online": _("Connected again."),
        "sending": _("waits to be sent"),
        "kept": _("kept"),
        "refused": _("not taken"),
        "minuteLeft": _("One minute left."),
        "timeUp": _("Time is up"),
        "here": _("%(count)s here"),
        "doneOf": _("%(done)s of %(here)s done"),
        "done": _("I am done"),
        "notDone": _("I go on"),
        "added": _("Card kept. Only you see it."),
        "edit": _("Edit"),
        "save": _("Save"),
        "remove": _("Delete"),
        "removed": _("Card deleted."),
        "votesLeft": _("%(count)s of %(most)s votes left"),
        "chosen": _("%(count)s of %(most)s chosen"),
    }


def _of_groups() -> dict[str, str]:
    return {
        "picked": _("“%(title)s” is picked. Choose what belongs to it; Esc lets go."),
        "pickedShort": _("“%(title)s”: choose what belongs to it."),
        "merged": _("Put together with “%(title)s”."),
        "undo": _("Undo"),
        "undone": _("Taken back."),
        "pick": _("Pick"),
        "letGo": _("Let go"),
        "putHere": _("Put here"),
        "takeOut": _("Take out"),
        "hide": _("Hide"),
        "hidden": _("The card is hidden."),
        "nameGroup": _("Name of the group"),
        "quoted": _("“%(title)s”"),
        "alike": _("These look alike"),
        "together": _("Put together"),
        "notAlike": _("Leave apart"),
        "groupsCount": _("Groups: %(count)s"),
        "groupsLoose": _("single cards: %(count)s"),
        "nothing": _("There are no cards."),
        "withdraw": _("Withdraw my card"),
    }


def _of_tags() -> dict[str, str]:
    return {
        "suggested": _("Suggested"),
        "searchCause": _("Search for a cause"),
        "searchHint": _("in any of the three languages"),
        "noneFound": _("Nothing fits: propose a new cause below."),
        "newCause": _("Propose a new cause"),
        "newLabel": _("What it should be called"),
        "propose": _("Propose"),
        "side": _("Side"),
        "proposed": _("proposed"),
        "change": _("Change"),
        "untagged": _("no cause yet"),
        "whys": _("Ask why"),
        "why": _("Why? (%(level)s)"),
        "idea": _("Idea"),
        "owner": _("Who does it"),
        "due": _("Until"),
        "measure": _("How we shall know"),
        "votes": _("votes: %(count)s"),
        "saved": _("Saved."),
    }


def _of_desk() -> dict[str, str]:
    return {
        "still": _("Still writing: %(count)s. Go on all the same?"),
        "tooFew": _("Here so far: %(count)s. Cards are anonymous among three or more. Begin?"),
        "goOn": _("Go on"),
        "wait": _("Wait"),
        "failed": _("That did not work. Try again."),
        "nobodyYet": _("Nobody is here yet."),
        "guest": _("guest"),
    }
