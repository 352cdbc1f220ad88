"""From what a respondent ticked to the answer's causes.

"Too expensive" is the easy answer, so the survey asks "compared with what?". A
competitor's price makes `competitor.price` the cause (with what was ticked beside it),
own lack of money makes it `client.budget`; anything else leaves the price where it was
ticked. The ticks themselves stay in the answer's document unchanged.
"""

from __future__ import annotations

from feedback_app.answers.rules import BELIEVED, COULD_LEAVE, REASONS, Tags
from feedback_app.surveys.rules.question import Values

#: Questions with causes; a survey asks one of them.
ASKED = (REASONS, COULD_LEAVE, BELIEVED)
PRICE_COMPARED = "price_compared"
OUR_PRICE = "company.price"
#: option of the price question -> the cause it points at
PRICE_MEANS = {"competitor_price": "competitor.price", "own_budget": "client.budget"}


def chosen_tags(values: Values) -> Tags:
    """The causes of one answer: its ticks, the last straw as primary, price made precise.

    Where nobody left yet, the causes are those that could make somebody leave; in a staff
    poll those that staff believe in, the one ranked first as primary.
    """
    reasons = next((values[code] for code in ASKED if code in values), None)
    if not isinstance(reasons, dict):
        return Tags(())
    ticked = set(reasons.get("ticked", ()))
    primary = str(reasons.get("decided") or next(iter(reasons.get("ranked", ())), ""))
    compared = values.get(PRICE_COMPARED)
    choice = compared.get("choice", "") if isinstance(compared, dict) else ""
    meant = PRICE_MEANS.get(choice)
    if meant is not None and OUR_PRICE in ticked:
        ticked.add(meant)
        primary = meant if primary == OUR_PRICE else primary
    return Tags(tuple(sorted(ticked)), primary)
