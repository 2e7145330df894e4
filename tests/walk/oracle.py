"""What every address answers to whom: written by hand from the roles of the design, never derived from the program.

y: may · n: may not (403) · -: there is no such thing for this reader (404) · L: to the sign-in page · .: nothing to ask
for. A foreign or missing row is "-" for everybody signed in, everywhere; that is not repeated below. PUT, PATCH and
DELETE are 405 everywhere, OPTIONS 204, and so is POST 405 where the second table says so.
"""

from __future__ import annotations

from tests.walk.town import ROLES

# Who: in the order of ROLES.
_PROFILES = """
                         anon none secr cler rest name figu nomi orga insp admi town ende deac
everybody          -     y    y    y    y    y    y    y    y    y    y    y    y    y    y
signed in          -     L    y    y    y    y    y    y    y    y    y    y    y    y    L
units listed       -     L    n    y    y    y    y    y    n    n    n    y    y    n    L
people listed      -     L    n    y    y    y    y    n    n    n    n    n    y    n    L
members written    -     L    n    n    y    y    n    n    n    n    n    n    y    n    L
candidates listed  -     L    n    y    y    y    y    n    n    n    n    n    y    n    L
candidates written -     L    n    y    y    y    n    n    n    n    n    n    y    n    L
figures            -     L    n    y    y    y    y    y    n    n    n    y    y    n    L
imports            -     L    n    n    n    n    n    n    n    n    n    n    y    n    L
administered       -     L    n    n    n    n    n    n    n    n    n    y    n    n    L

unit read          own     L    -    y    y    y    y    y    -    -    -    y    y    -    L
                   child   L    -    .    y    y    y    y    -    -    -    y    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    y    -    L
unit called        own     L    -    n    y    y    n    n    -    -    -    n    y    -    L
                   child   L    -    .    y    y    n    n    -    -    -    n    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    y    -    L
person read        own     L    -    y    y    y    y    -    -    -    -    -    y    -    L
                   child   L    -    .    y    y    y    -    -    -    -    -    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    y    -    L
person written     own     L    -    n    y    y    n    -    -    -    -    -    y    -    L
                   child   L    -    .    y    y    n    -    -    -    -    -    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    y    -    L
identity shown     own     L    -    n    n    y    n    -    -    -    -    -    n    -    L
                   child   L    -    .    n    y    n    -    -    -    -    -    n    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    n    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    n    -    L
candidate written  own     L    -    y    y    y    n    -    -    -    -    -    y    -    L
                   child   L    -    .    y    y    n    -    -    -    -    -    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    y    -    L
own file           own     L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    y    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    -    -    L
account            own     L    -    -    -    -    -    -    -    -    -    y    -    -    L
                   child   L    -    .    -    -    -    -    -    -    -    y    -    -    L
                   parent  L    -    -    -    -    -    -    -    -    -    -    -    -    L
                   sibling L    -    -    -    -    -    -    -    -    -    -    -    -    L
"""

# Address: who (above), what GET and what a POST without anything useful in it answers those who may.
# "200|302": a stranger gets the first, who is signed in the second.
_ADDRESSES = """
account_login            everybody            200|302  422|302
redeem                   everybody            200      422
language                 everybody            200      422
appearance               everybody            200      422
resume                   signed in            302      405
account_logout           signed in            200      302
account_change_password  signed in            200      422
sessions                 signed in            200      302
account_slip             account              200      200
help                     everybody            200      405
live                     everybody            200      405
ready                    everybody            200      405
home                     signed in            302      405
profile                  signed in            200      405
first_steps              signed in            302      400
search                   signed in            200      405
suggest_unit             signed in            400      405
suggest_person           signed in            200      405
units                    units listed         200      405
unit                     unit read            200      405
unit_call                unit called          200      422
members                  people listed        200      405
member_new               members written      200      422
member_receive           members written      200      422
person                   person read          200      405
person_describe          person written       200      422
person_call              person written       200      422
member_place             person written       200      422
member_end               person written       200      422
member_send              person written       200      422
person_identity          identity shown       302      200
imports                  imports              200      422
import_template          imports              200      405
import_columns           own file             200      422
import_rows              own file             200      422
work                     candidates written   200      405
work_put_off             candidates written   302      422
candidates_together      candidates written   302      422
candidates               candidates listed    200      405
candidate_new            candidates written   200      422
past_admission_new       candidates written   200      422
twins                    candidates written   200      200
candidate                person read          200      405
candidate_edit           candidate written    200      422
candidate_step           candidate written    200      422
candidate_undo           candidate written    302      422
progress                 figures              200      405
progress_units           figures              200      405
progress_months          figures              200      405
figure_list              figures              200      405
style                    administered         200      405
"""
_STATUS = {"n": 403, "-": 404, "L": 302}


def _profiles() -> dict[tuple[str, str], dict[str, str]]:
    found, name = {}, ""
    for line in _PROFILES.splitlines()[2:]:
        if line.strip():
            name = line[:19].strip() or name
            relation, *letters = line[19:].split()
            found[name, relation] = dict(zip(ROLES, letters, strict=True))
    return found


def _addresses() -> dict[str, tuple[str, str, str]]:
    return {line[:25].strip(): (line[25:46].strip(), *line[46:].split()) for line in _ADDRESSES.splitlines() if line}


PROFILES, ADDRESSES = _profiles(), _addresses()


def relations(name: str) -> list[str]:
    """The relations that can be asked for at the address; foreign and missing where rows can be at all."""
    found = [relation for profile, relation in PROFILES if profile == ADDRESSES[name][0]]
    return found if found == ["-"] else [*found, "foreign", "missing"]


def expected(name: str, method: str, role: str, relation: str) -> int | None:
    """The status; None where there is nothing to ask for."""
    if method in ("PUT", "PATCH", "DELETE"):
        return 405
    if method == "OPTIONS":
        return 204
    profile, got, posted = ADDRESSES[name]
    stranger = role in ("anonymous", "deactivated")
    nobodys = "L" if stranger else "-"
    letter = nobodys if relation in ("foreign", "missing") else PROFILES[profile, relation][role]
    if letter == ".":
        return None
    if method == "POST" and posted == "405" and letter != "L":
        return 405
    if letter != "y":
        return _STATUS[letter]
    both = (posted if method == "POST" else got).split("|")
    return int(both[0] if stranger else both[-1])
