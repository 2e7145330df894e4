"""Help for the pages of this floor: signing in, the register, imports, the administration of units and access."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from foundation.web.guide import For, Help

TOLD = _("When the page refuses, it says why above the form. What you typed stays; nothing is saved.")
PREVIEW = _("You see first what will change. Nothing is saved until you confirm.")
_HISTORY = _("What was so stays in the history: any past day can be asked for.")
_CALL = _("Note with whom you spoke and what was said. It stands in the timeline and changes nothing else.")
AS_AT = (_("As at"), _("The day the page describes: who belonged where, and what had happened."))
KNOWN_ON = (_("As known on"), _("Only what was entered by that day counts. Empty: all that is entered."))
_APPOINTMENT = (_("Appointment"), _("A role over a unit, from day to day. All rights come from it."))

_FOUND = _("Type name and code, say what it stands under and from which day.")
_FOUND_MASS = Help(
    _("How do I enter a mass organisation?"),
    (_("Choose the unit it stands beside, its kind and its name."), PREVIEW),
    refused=TOLD,
)

PAGES: dict[str, Help] = {
    # Signing in
    "account_login": Help(
        _("How do I sign in?"),
        (
            _("Type your user name and password."),
            _("The first time, follow “I have a slip with a one-time code”."),
            _("Password forgotten? The administrator of your committee gives you a new slip."),
        ),
        refused=_("After too many wrong attempts, wait as long as the page says, then try again."),
    ),
    "redeem": Help(
        _("How do I sign in for the first time?"),
        (
            _("Type user name and code as on the slip, then choose a password of 12 characters or more."),
            _("Four or five words you remember make a good password. Tell it to nobody."),
        ),
        refused=_("A code works once and for 7 days. Ask your administrator for a new slip."),
    ),
    "account_logout": Help(_("What happens when I sign out?"), (_("This session ends. What you saved stays."),)),
    "account_change_password": Help(
        _("How do I change my password?"),
        (
            _("Type your present password, then the new one twice."),
            _("All your other sessions end; here you stay signed in."),
        ),
        refused=_("Choose another password if this one is short, common, or made of a name."),
    ),
    "sessions": Help(
        _("Where am I signed in?"),
        (
            _("Each line is a browser in which your account is open."),
            _("End what you do not know, then change your password."),
        ),
    ),
    "account_slip": Help(
        _("How do I hand an account over?"),
        (
            _("Make a one-time code and print the page at once: it is shown only once."),
            _("Hand the slip over in person. With it, the holder chooses a password within 7 days."),
        ),
        refused=_("A closed account is reopened first."),
    ),
    "language": Help(_("In which language do I read?"), (_("Choose one. It is kept with your account."),)),
    "appearance": Help(
        _("How do I read more easily?"),
        (_("Choose light or dark and the size of the text. This browser keeps it."),),
    ),
    # The register
    "search": Help(
        _("How do I find somebody or something?"),
        (
            _("Type part of a name, with or without marks: “anh” also finds “Ánh”."),
            _("People, candidates, units and workplaces are found, only those of your units."),
            _("A paper in your hand is found by its number: type how it begins, as “12-QĐ”."),
        ),
    ),
    "units": Help(
        _("Which units are mine?"),
        (_("Type a name or code, or filter by kind. A name opens the unit’s page."),),
        words=(
            (_("Tier"), _("How a unit stands in the Party: grassroots, under it, or above it.")),
            AS_AT,
        ),
    ),
    "unit": Help(
        _("What is there to know about this unit?"),
        (
            _("Its officers and how to reach them, the units under it, and what happened."),
            _("A number opens its list."),
            For("unit.write", _("“Administration” renames, moves or dissolves it.")),
        ),
        words=(
            (_("Continues"), _("The unit whose work this one took over, and from which day.")),
            AS_AT,
        ),
    ),
    "unit_call": Help(_("How do I note a call with a unit?"), (_CALL,)),
    "person_call": Help(_("How do I note a call with a member?"), (_CALL,)),
    "members": Help(
        _("Who is a member, and where?"),
        (
            _("Search or filter the list; the address keeps the filter and can be sent."),
            _("A name opens the person’s page."),
            For("member.write", _("Register a member who is new in the records, or receive one from outside.")),
            For("export", _("Print the list, or export exactly these rows.")),
        ),
        words=(
            (_("Probationary"), _("Admitted, in the 12 months before recognition (Party Charter, 5.1).")),
            AS_AT,
            KNOWN_ON,
        ),
    ),
    "person": Help(
        _("What do we know about this person?"),
        (
            _("Membership, cell, offices, and what happened, newest first."),
            For("member.write", _("Correct the description, transfer, or end the membership with the buttons above.")),
            For("person.restricted", _("Showing the identity number is recorded.")),
        ),
        words=(AS_AT, KNOWN_ON),
    ),
    "member_new": Help(
        _("How do I register a member?"),
        (
            _("For a member whom the records do not have yet. Copy it from the dossier."),
            _("A candidate whom you admit becomes a member without this form."),
        ),
        refused=TOLD,
    ),
    "member_receive": Help(
        _("How do I receive a member from outside?"),
        (_("For a member who comes with a transfer from an organisation that is not in these records."),),
        refused=TOLD,
    ),
    "person_describe": Help(
        _("How do I correct what is written about a person?"),
        (
            _("Mend what was copied wrongly. What changed in life has a form of its own."),
            _("The history says who corrected what, and when."),
        ),
        refused=TOLD,
    ),
    "member_place": Help(
        _("How do I transfer a member to another cell?"),
        (
            _("Choose the cell and the first day there. A temporary transfer leaves the official cell as it is."),
            _HISTORY,
        ),
        refused=TOLD,
    ),
    "member_end": Help(
        _("How do I end a membership?"),
        (
            _("Say how it ended and from which day: died, removed, expelled or asked to leave."),
            _("Offices do not end by it: an administrator ends the appointment."),
        ),
        refused=TOLD,
    ),
    "member_send": Help(
        _("How do I send a member to an organisation outside?"),
        (
            _("For a transfer to an organisation that is not in these records."),
            _("From that day the member is not counted here."),
        ),
        refused=TOLD,
    ),
    "person_identity": Help(
        _("Why is my look at this number recorded?"),
        (_("Identity numbers are sealed. Whoever reads one is named in the journal, with day and time."),),
    ),
    # Imports
    "imports": Help(
        _("How do I bring a register in from a file?"),
        (
            _("Download a template, fill it in, choose the file. Your own headings will do too."),
            _("First units, then workplaces, then members."),
            _("Nothing is saved before you have seen every row."),
        ),
        refused=_("Only XLSX and CSV are read. Save the file as one of them and choose it again."),
    ),
    "import_columns": Help(
        _("Which column of my file is which?"),
        (_("Choose for each of our columns the heading of yours. It is remembered for the next file."),),
        refused=_("Columns that must be there are marked. Without them no row can be read."),
    ),
    "import_rows": Help(
        _("Can these rows be taken over?"),
        (
            _("Mend wrong rows here and check again, or leave them out."),
            _("When no row is wrong, take them over. The whole file can be taken out again."),
        ),
        refused=_("Each wrong row says what is wrong. The file itself is not changed."),
    ),
    # The administration
    "admin:index": Help(
        _("What can I administer?"),
        (
            _("Units, appointments and accounts of your committee and what is under it."),
            _("Choose a list: its button makes something new, a row opens what is there."),
            _("Every change is shown to you before it is saved, and stands in the history."),
        ),
    ),
    "admin:tree": Help(
        _("Which unit stands where?"),
        (_("The tree as it is today. A name opens the unit, a number goes deeper."),),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_changelist", "admin:membership_committee_changelist"),
        Help(
            _("Which units do I administer?"),
            (
                _("Search by name or code, or filter. A name opens the unit."),
                _("Choose several to move them together."),
            ),
            words=((_("Dissolved"), _("Stands no more. Its history stays, and whoever follows it sees it.")),),
        ),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_change", "admin:membership_committee_change"),
        Help(
            _("What can be done with this unit?"),
            (
                _("Rename, move, describe or dissolve it, or appoint somebody, with the buttons above."),
                _("Below stands what hangs on it, and what happened."),
            ),
        ),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_found", "admin:membership_committee_found"),
        Help(_("How do I found a unit?"), (_FOUND, PREVIEW), refused=TOLD),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_rename", "admin:membership_committee_rename"),
        Help(
            _("How do I rename a unit?"),
            (_("Type the new name and from which day. Before that day it keeps the old one."), PREVIEW),
            refused=TOLD,
        ),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_move", "admin:membership_committee_move"),
        Help(
            _("How do I move a unit?"),
            (
                _("Say what it stands under, and from which day. What is under it moves along."),
                PREVIEW,
            ),
            refused=_("A unit cannot stand under itself, nor under one that does not stand on that day."),
        ),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_describe", "admin:membership_committee_describe"),
        Help(
            _("How do I correct a unit’s details?"),
            (_("Sector, telephone and address hold for all days: only name and place have a history."), PREVIEW),
            refused=TOLD,
        ),
    ),
    **dict.fromkeys(
        ("admin:membership_cell_dissolve", "admin:membership_committee_dissolve"),
        Help(
            _("How do I dissolve a unit?"),
            (
                _("Say the day, and where members, candidates and the rest go. All of it moves on that day."),
                _("Name the unit that continues it: it will see the history."),
                PREVIEW,
            ),
            refused=_("The page names what still hangs on the unit. Choose where each of these goes."),
        ),
    ),
    **dict.fromkeys(
        (
            "admin:membership_cell_appoint",
            "admin:membership_committee_appoint",
            "admin:membership_appointment_appoint",
            "admin:membership_massorganisation_appoint",
        ),
        Help(
            _("How do I appoint somebody?"),
            (
                _("Choose person, role, unit and first day. Give an end if you know it."),
                _("An official sees names only with “reads names”."),
                PREVIEW,
            ),
            words=(_APPOINTMENT,),
            refused=_("You appoint within your own units, and not yourself. Ask another administrator."),
        ),
    ),
    "admin:membership_appointment_changelist": Help(
        _("Who may do what?"),
        (_("Search by name, or filter. Choose several to end them together."),),
        words=(_APPOINTMENT,),
    ),
    "admin:membership_appointment_change": Help(
        _("What does this appointment allow?"),
        (_("Role, unit and days stand here. To change one, end it and appoint anew."),),
        words=(_APPOINTMENT,),
    ),
    "admin:membership_appointment_end": Help(
        _("How do I end an appointment?"),
        (_("Give the last day. The day after, all rights from it are gone."), PREVIEW),
        refused=TOLD,
    ),
    "admin:membership_person_changelist": Help(
        _("Whose accounts and offices do I look after?"),
        (_("People with an appointment in your units. A name opens offices and account."),),
    ),
    "admin:membership_person_change": Help(
        _("What does this person hold?"),
        (_("Appointments and account. Without an account, open one here."),),
        words=(_APPOINTMENT,),
    ),
    "admin:membership_person_open": Help(
        _("How do I open an account?"),
        (
            _("Choose a user name. No password is set here: you print a slip afterwards."),
            _("Whoever uses the administration needs the mark for it."),
            PREVIEW,
        ),
        refused=_("Appoint the person first: an account without an appointment may do nothing."),
    ),
    "admin:membership_user_changelist": Help(
        _("Who can sign in?"),
        (_("Search by user name. It opens the account: slip, sessions, closing."),),
    ),
    "admin:membership_user_change": Help(
        _("What can be done with this account?"),
        (
            _("Print a new slip if the password is forgotten."),
            _("End its sessions if a device is lost; close it when the person leaves."),
        ),
    ),
    "admin:membership_user_close": Help(
        _("What happens when I close an account?"),
        (_("Nobody can sign in with it, and its sessions end at once. It can be reopened."),),
        refused=_("Your own account is closed by another administrator."),
    ),
    "admin:membership_user_reopen": Help(
        _("What happens when I reopen an account?"),
        (_("Its holder signs in with the same password as before."),),
        refused=TOLD,
    ),
    "admin:membership_user_sessions": Help(
        _("What happens when I end the sessions?"),
        (_("Whoever is signed in with the account must sign in again."),),
        refused=TOLD,
    ),
    "admin:membership_workplace_changelist": Help(
        _("Which workplaces are in our area?"),
        (_("Search by name, or filter. A name opens the workplace."),),
        words=((_("Covers"), _("This unit looks after the people who work there.")),),
    ),
    "admin:membership_workplace_change": Help(
        _("Which unit covers this workplace?"),
        (_("Give it to a unit, or take it from one, with the buttons above."),),
    ),
    "admin:membership_workplace_found": Help(
        _("How do I enter a workplace?"),
        (_("Type its name, and the ward in which it lies."), PREVIEW),
        refused=TOLD,
    ),
    "admin:membership_workplace_describe": Help(
        _("How do I correct a workplace?"), (_("Change what is wrong. It holds for all days."), PREVIEW), refused=TOLD
    ),
    "admin:membership_workplace_cover": Help(
        _("How do I give a workplace to a unit?"),
        (_("Choose the unit and the first day."), PREVIEW),
        refused=TOLD,
    ),
    "admin:membership_workplace_uncover": Help(
        _("How do I take a workplace from a unit?"),
        (_("Give the last day. Its people stay as they are."), PREVIEW),
        refused=TOLD,
    ),
    "admin:membership_massorganisation_changelist": Help(
        _("Which mass organisations stand beside our units?"),
        (_("Youth unions, trade unions and others. They nominate candidates."),),
    ),
    "admin:membership_massorganisation_change": Help(
        _("Who speaks for this mass organisation?"),
        (_("Its officers stand here. Appoint somebody, or rename it, with the buttons above."),),
    ),
    "admin:membership_massorganisation_found": _FOUND_MASS,
    "admin:membership_massorganisation_rename": Help(
        _("How do I rename a mass organisation?"),
        (_("Type the new name. It holds for all days."), PREVIEW),
        refused=TOLD,
    ),
}
