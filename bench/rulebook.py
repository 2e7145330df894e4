"""How many candidates a second the outlook assesses. Run: python -m bench.rulebook [NUMBER]. Wanted: 2,000 or more.

No database: facts are made up, the same for the same number. The seconds are those of this process, not of the clock.
"""

import random
import sys
import time
from datetime import date, timedelta

from recruitment.rulebook.book import shipped
from recruitment.rulebook.facts import (
    NOTHING_YET,
    CandidateFacts,
    Certificate,
    Decision,
    Document,
    Education,
    Enrolment,
    Helper,
    Introducer,
    Vote,
)
from recruitment.rulebook.outlook import outlook

TODAY = date(2024, 10, 31)
PAPERS = ("application", "cv", "verification", "introduction", "comments")
SHARES = (310, 140, 48, 27, 5, 155)  # the town: nominated, in class, in dossier, after the cell, decided, on probation


def made_up(dice: random.Random) -> CandidateFacts:
    """A candidate somewhere on the way, as often as in the practice town."""

    def day(least: int, most: int) -> date:
        return TODAY - timedelta(days=dice.randint(least, most))

    facts = CandidateFacts(
        **{
            **NOTHING_YET,
            "born": day(17 * 365, 40 * 365),
            "education": Education(level="upper_secondary"),
            "mass_bodies": ("youth_union",),
            "cell_tier": "subordinate_cell",
            "under_sub_committee": False,
            "nominated_on": day(500, 700),
            "next_class_ends_on": date(2025, 1, 15),
        }
    )
    [place] = dice.choices(range(6), SHARES)
    introducers = tuple(Introducer(status="official", together_since=day(200, 2000)) for _number in range(2))
    steps = [
        {"taken_up_on": day(480, 490), "enrolment": Enrolment(enrolled_on=day(9, 90), ends_on=date(2025, 2, 20))},
        {
            "enrolment": None,
            "certificates": (Certificate(issued_on=day(300, 1900)),),
            "helpers": (Helper(from_on=day(290, 299)),),
            "introducers": introducers,
            "documents": tuple(Document(kind=kind, dated_on=day(100, 200)) for kind in PAPERS),
        },
        {"cell_vote": Vote(held_on=day(60, 90), entitled=9, in_favour=8)},
        {
            "committee_vote": Vote(held_on=day(50, 59), entitled=15, in_favour=15),
            "decision": Decision(issued_on=day(30, 40), received_on=day(20, 29)),
        },
        {"ceremony_on": day(1, 19)},
    ]
    for step in steps[:place]:
        facts = facts.but(**step)
    return facts


def main(number: int) -> None:
    """Print how many candidates a second were assessed."""
    dice, book = random.Random(2), shipped()
    candidates = [made_up(dice) for _number in range(number)]
    start = time.process_time()
    reachable = sum(outlook(facts, TODAY, book).earliest_ceremony_on is not None for facts in candidates)
    seconds = time.process_time() - start
    print(
        f"{number} candidates in {seconds:.2f} s: {number / seconds:,.0f} a second; {reachable} with a ceremony ahead"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
