"""The import in the browser and from the shell: whose it is, what is refused, and what comes back as typed."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from foundation import tables
from membership.models import ColumnMatch, ImportBatch, Organisation, Person, Template
from tests.builders import (
    UserFactory,
    a_cell,
    a_clerk,
    a_member,
    a_nominator,
    a_secretary,
    a_town,
    a_ward,
    an_administrator,
    an_inspector,
    an_official,
    an_organiser,
    on_day,
    signed_in,
)
from tests.hostile import HOSTILE
from tests.membership.register_files import DAY, Row, as_csv, as_xlsx, some_members, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with on_day(DAY):
        yield


@pytest.fixture
def town():
    return a_town(code="T1")


@pytest.fixture
def cell(town):
    return a_cell(under=a_ward(under=town, code="W1"), code="C1")


@pytest.fixture
def clerk(town):
    return a_clerk(of=town)


def send(
    client: Client, content: bytes, name: str = "members.csv", template: str = Template.MEMBERS, **more: Any
) -> Any:
    """The upload form, sent with this file."""
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("imports"), {"template": template, "file": file, "as_on": "4/5/2026", **more})


def text(response: Any) -> str:
    """What stands on the page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def members(number: int = 3, **change: str) -> list[Row]:
    return [{**row, "cell": "C1", "placed_on": "", "workplace": "", **change} for row in some_members(number)]


def press(client: Client, batch: ImportBatch, do: str, **more: str) -> Any:
    """A button of the page of rows, as the page was just shown."""
    address = reverse("import_rows", args=[batch.pk])
    form = client.get(address).context["form"]
    return client.post(address, {"version": form["version"].value(), "key": form["key"].value(), "do": do, **more})


def test_columns_that_are_not_taken_over_are_named(cell, clerk):
    client, plain = signed_in(clerk), as_csv(Template.MEMBERS, members())
    first, *lines = plain.decode().splitlines()
    more = "\n".join([f"{first},Ghi chú riêng", *(f"{line},xx" for line in lines)]).encode()
    for content, told in ((more, True), (plain, False)):
        page = text(client.get(send(client, content).url))
        assert ("Not taken over, for no column here is called so: Ghi chú riêng." in page) is told


def test_a_clerk_brings_a_file_in_and_takes_it_out_again(cell, clerk):
    client = signed_in(clerk)
    rows = members()
    rows[1] |= {"sex": "x", "phone": "none"}
    answer = send(client, as_csv(Template.MEMBERS, rows))
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("import_rows", args=[batch.pk])

    page = client.get(answer.url)
    assert re.search(r'<input type="text"[^>]* value="none"', page.text), "styled as any text, in its own direction"
    shown = text(page)
    assert "3 rows , 2 are right, 1 is wrong ." in shown
    assert "“x” is none of: nam, nữ." in shown
    assert "“none” is no telephone number." in shown
    assert "Take" not in shown
    assert press(client, batch, "apply").status_code == 422
    assert not Person.objects.members(DAY).exists()

    mended = {"shown-3": "1", "cell-3-sex": "nữ", "cell-3-phone": "0903 555 111"}
    assert press(client, batch, "mend", **mended).status_code == 302
    assert "Take 3 rows into the register" in text(client.get(answer.url))
    assert rows[2]["full_name"] in text(client.get(answer.url + "?show=all"))
    assert press(client, batch, "apply").status_code == 302
    assert Person.objects.members(DAY).count() == 3
    done = client.get(answer.url)
    assert "This file is in the register" in text(done)
    assert f'href="{reverse("members")}?unit=C1"' in done.text
    assert client.get(f"{reverse('members')}?unit=C1").context["count"] == 3
    assert press(client, batch, "undo").status_code == 302
    assert not Person.objects.members(DAY).exists()
    assert press(client, batch, "apply").status_code == 302
    assert Person.objects.members(DAY).count() == 3


@pytest.mark.parametrize(("codes", "address"), [(("C71", "C72"), "?q=C7"), (("C71", "D1"), "")])
def test_from_units_taken_over_a_way_leads_to_them(cell, clerk, codes, address):
    rows = [{"code": code, "name": f"Chi bộ {code}", "kind": "chi bộ", "parent": "W1"} for code in codes]
    client, batch = signed_in(clerk), uploaded(clerk, Template.UNITS, rows)
    press(client, batch, "apply")
    assert client.get(reverse("import_rows", args=[batch.pk])).context["came_in"]["url"] == reverse("units") + address
    shown = client.get(reverse("units") + address)
    assert all(f"Chi bộ {code}" in shown.text for code in codes)


def test_a_row_left_out_can_come_back(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, [*members(2), {"cell": "C1"}])
    press(client, batch, "mend", **{"shown-4": "1", "out-4": "on"})
    assert ImportBatch.objects.get().left_out == [4]
    shown = text(client.get(reverse("import_rows", args=[batch.pk])))
    assert "Take 2 rows into the register" in shown
    assert "All other rows can be taken over" in shown
    assert "Everything can be taken over" not in shown
    press(client, batch, "mend", **{"shown-4": "1"})
    assert ImportBatch.objects.get().left_out == []


def test_a_finding_names_its_column_once(cell, clerk):
    client = signed_in(clerk)
    batch = uploaded(clerk, Template.MEMBERS, [*members(1), {"cell": "", "admitted_on": "32/13/2020"}])
    said = text(client.get(reverse("import_rows", args=[batch.pk])))
    assert "Admitted on: There is no such month: 13." in said
    assert "Code of the cell is missing." in said
    assert "Code of the cell: Code of the cell" not in said


def test_every_finding_of_a_row_is_said_among_all_rows_too(cell, clerk):
    client = signed_in(clerk)
    batch = uploaded(clerk, Template.MEMBERS, [*members(1), {"cell": "C1"}])
    address = reverse("import_rows", args=[batch.pk])
    for said in (text(client.get(address)), text(client.get(address, {"show": "all"}))):
        assert "Full name is missing." in said
        assert "Admitted on is missing." in said


def test_where_every_row_is_wrong_none_can_be_taken_over(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, [{"cell": "C1"}, {"cell": "C1"}])
    assert "No row can be taken over yet" in text(client.get(reverse("import_rows", args=[batch.pk])))


@pytest.mark.parametrize(
    ("numbers", "todo", "asked"),
    [
        ({"identity_number": "022080000001"}, "one type the identity number or party card.", {"identity_number"}),
        ({"card_number": "12.000001"}, "one type the identity number or party card.", {"card_number"}),
        ({}, "one first record a number of the person registered.", set()),
    ],
)
def test_who_is_registered_already_is_linked_and_what_helps_is_asked_for(cell, clerk, numbers, todo, asked):
    registered = a_member(cell, full_name="Lê Thị Lan", born_on=date(1980, 3, 8), **numbers)
    row = members(1, full_name="Lê Thị Lan", born="8/3/1980", identity_number="", card_number="")
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, row)
    page = client.get(reverse("import_rows", args=[batch.pk]))
    assert todo in text(page)
    assert f'href="{registered.get_absolute_url()}"' in page.text
    shown = set(re.findall(r'name="cell-2-(\w+)"', page.text))
    assert shown & {"identity_number", "card_number"} == asked


def test_who_is_registered_elsewhere_is_told_without_a_link(cell, clerk):
    elsewhere = a_member(a_cell(under=a_ward()), full_name="Lê Thị Lan", born_on=date(1980, 3, 8))
    row = members(1, full_name="Lê Thị Lan", born="8/3/1980", identity_number="", card_number="")
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, row)
    page = client.get(reverse("import_rows", args=[batch.pk]))
    assert "for another one ask the superior office." in text(page)
    assert f'href="{elsewhere.get_absolute_url()}"' not in page.text


def test_a_party_card_leads_to_whoever_holds_it(cell, clerk):
    holder = a_member(cell, full_name="Lê Thị Lan", card_number="12.000001")
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, members(1, card_number="12.000001"))
    page = client.get(reverse("import_rows", args=[batch.pk]))
    assert "The party card 12.000001 is already registered. Leave the row out, or mend the number." in text(page)
    assert f'href="{holder.get_absolute_url()}"' in page.text


def test_only_its_own_rows_and_columns_are_mended(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, members(2))
    before = ImportBatch.objects.get().rows
    press(client, batch, "mend", **{"cell-99-sex": "nam", "cell-2-version": "7", "cell-²-sex": "x", "cell--sex": "x"})
    assert press(client, batch, "mend", **{"cell-0000000029-sex": "nam", "shown-0000000029": "1"}).status_code == 302
    assert ImportBatch.objects.get().rows == before


def test_sent_twice_it_is_taken_over_once(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, members())
    address = reverse("import_rows", args=[batch.pk])
    form = client.get(address).context["form"]
    sent = {"version": form["version"].value(), "key": form["key"].value(), "do": "apply"}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert Person.objects.members(DAY).count() == 3
    assert client.post(address, {**sent, "key": ""}).status_code == 409


def test_over_a_newer_version_nothing_is_lost(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, members(1, sex="x"))
    address = reverse("import_rows", args=[batch.pk])
    version = client.get(address).context["form"]["version"].value()
    press(client, batch, "mend", **{"shown-2": "1", "cell-2-sex": "y"})
    answer = client.post(address, {"version": version, "do": "mend", "shown-2": "1", "cell-2-sex": "nam"})
    assert answer.status_code == 409
    assert 'name="cell-2-sex" value="nam"' in answer.content.decode()
    assert "“y” is none of" in text(answer)


def test_headings_of_theirs_are_matched_and_remembered(cell, clerk):
    client = signed_in(clerk)
    rows = [[r["cell"], r["full_name"], r["sex"], r["born"], r["admitted_on"]] for r in members()]
    file = io.BytesIO()
    tables.write_xlsx(file, "1", ["Nơi SH", "HO VA TEN", "Giới tính", "Ngày sinh", "Vào Đảng ngày"], rows)
    answer = send(client, file.getvalue(), "ds.xlsx")
    batch = ImportBatch.objects.get()
    assert answer.url == reverse("import_columns", args=[batch.pk])
    assert batch.columns == {"full_name": 1, "sex": 2, "born": 3}
    page = text(client.get(answer.url))
    assert "2 needed columns are missing: Code of the cell, Admitted on." in page
    assert f"Nơi SH {rows[0][0]} HO VA TEN {'; '.join(row[1] for row in rows)}" in page
    wrong = client.post(answer.url, {"cell": "0", "full_name": "0", "sex": "2", "born": "3", "admitted_on": "4"})
    assert wrong.status_code == 422
    told = "“Nơi SH” is chosen for “%s” too. Choose another one here or there."
    assert wrong.context["form"].errors == {"cell": [told % "Full name"], "full_name": [told % "Code of the cell"]}
    assert "Every needed column is found." in text(wrong)
    chosen = {"cell": "0", "full_name": "1", "sex": "2", "born": "3", "admitted_on": "4"}
    assert client.post(answer.url, chosen).url == reverse("import_rows", args=[batch.pk])
    assert ColumnMatch.objects.filter(user=clerk).count() == 5
    assert press(client, batch, "apply").status_code == 302

    file = io.BytesIO()
    tables.write_xlsx(file, "1", ["Nơi SH", "HO VA TEN", "Giới tính", "Ngày sinh", "Vào Đảng ngày"], rows[:1])
    send(client, file.getvalue(), "ds2.xlsx")
    assert ImportBatch.objects.order_by("-pk")[0].columns["cell"] == 0


@pytest.mark.parametrize("template", Template.values)
def test_the_headings_tell_what_a_file_holds(clerk, template):
    send(signed_in(clerk), as_csv(template, [{}]).rstrip() + b"\nx\n", template="")
    assert ImportBatch.objects.get().template == template


def test_most_of_the_headings_tell_where_some_are_still_to_be_matched(clerk):
    answer = send(signed_in(clerk), "Họ tên,Số thẻ,Dân tộc\nLê Thị Lan,1,Kinh\n".encode(), template="")
    assert ImportBatch.objects.get().template == Template.MEMBERS
    assert "members.csv , members." in text(signed_in(clerk).get(answer.url))


def test_headings_that_do_not_tell_are_asked_about(clerk):
    answer = send(signed_in(clerk), b"a,b\n1,2\n", template="")
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"template": ["The headings do not tell what the file holds. Choose it."]}


def test_a_file_sent_as_something_else_is_told_what_it_holds(cell, clerk):
    client = signed_in(clerk)
    answer = send(client, as_csv(Template.MEMBERS, members()), template=Template.UNITS)
    assert "By its headings the file holds something else: members." in text(client.get(answer.url))
    answer = send(client, b"cell,x\n1,2\n", "other.csv")
    assert "something else" not in text(client.get(answer.url))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"%PDF-1.7", "Only XLSX and CSV files can be read."),
        ("a.csv", b"", "The file is empty."),
        ("a.xlsx", b"not a zip", "The file is named .xlsx but is none."),
        ("a.csv", b"cell,name\n=1+1,x\n", "Cell A2 holds a formula."),
        ("a.csv", "cell,name\nC1,Đào\n".encode("utf-16"), "The file is not in UTF-8."),
        ("a.csv", b"cell,name\n", "There are no rows below the header."),
        ("a" * 197 + ".csv", b"cell,name\nC1,x\n", "at most 200 characters"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_why(clerk, name, content, sentence):
    answer = send(signed_in(clerk), content, name)
    assert (answer.status_code, sentence in text(answer)) == (422, True)
    assert not ImportBatch.objects.exists()


def test_the_day_of_a_register_is_not_to_come(clerk):
    answer = send(signed_in(clerk), as_csv(Template.MEMBERS, members()), as_on="5/5/2026")
    assert (answer.status_code, "This day is still to come." in text(answer)) == (422, True)


def test_a_template_is_filled_in_any_language(clerk):
    for name in Template.values:
        answer = signed_in(clerk).get(reverse("import_template", args=[name]))
        table = tables.read(io.BytesIO(b"".join(answer.streaming_content)), "t.xlsx")
        assert len(table.rows) == (3 if name == Template.UNITS else 1)
    assert signed_in(clerk).get("/register/import/template/people.xlsx").status_code == 404


def test_nobody_else_imports(town, cell, clerk):
    batch = uploaded(clerk, Template.MEMBERS, members())
    others = [
        a_clerk(of=a_ward(under=town)), a_secretary(of=cell), an_official(of=town, names=True), a_nominator(),
        an_organiser(of=town), an_inspector(of=town), an_administrator(of=town), UserFactory(),
    ]  # fmt: skip
    for user in others:
        client = signed_in(user)
        assert client.get(reverse("imports")).status_code == 403
        assert send(client, as_csv(Template.MEMBERS, members(5))).status_code == 403
        assert client.get(reverse("import_template", args=["members"])).status_code == 403
        for name in ("import_rows", "import_columns"):
            assert client.get(reverse(name, args=[batch.pk])).status_code == 404
    assert ImportBatch.objects.count() == 1


def test_a_file_of_another_clerk_is_not_found(town, cell, clerk):
    batch = uploaded(clerk, Template.MEMBERS, members())
    for other in (a_clerk(of=town), a_clerk(of=a_town())):
        client = signed_in(other)
        assert client.get(reverse("imports")).context["batches"].count() == 0
        for name in ("import_rows", "import_columns"):
            address = reverse(name, args=[batch.pk])
            assert client.get(address).status_code == 404
            assert client.post(address, {"do": "apply"}).status_code == 404
    assert not Person.objects.members(DAY).exists()


def test_hostile_values_are_rows_to_mend(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, members(1, sex="x"))
    address = reverse("import_rows", args=[batch.pk])
    columns = ("cell", "full_name", "sex", "born", "admitted_on", "identity_number", "workplace", "phone")
    for value in HOSTILE:
        typed = value.encode("utf-8", "replace").decode()[:70_000]
        answer = client.post(address, {"do": "mend", "shown-2": "1", **{f"cell-2-{name}": typed for name in columns}})
        assert answer.status_code in (302, 400, 413), typed[:40]
        assert client.get(address).status_code == 200
    for value in HOSTILE:
        typed = value.encode("utf-8", "replace").decode()[:5_000]
        assert client.get(address, {"page": typed, "show": typed}).status_code in (200, 400)
        assert client.post(address, {"do": typed, "version": typed, "key": typed}).status_code in (400, 422)
    assert not Person.objects.members(DAY).exists()


# From the shell -------------------------------------------------------------------------------------------------------


def shell(path: Path, actor: Any, template: str = Template.MEMBERS, **options: Any) -> tuple[str, str]:
    out, wrong = io.StringIO(), io.StringIO()
    names = {"template": template, "actor": getattr(actor, "username", actor), **options}
    call_command("import_register", str(path), stdout=out, stderr=wrong, **names)
    return out.getvalue(), wrong.getvalue()


def test_the_command_takes_a_right_file(cell, clerk, tmp_path):
    path = tmp_path / "members.xlsx"
    path.write_bytes(as_xlsx(Template.MEMBERS, members()))
    assert shell(path, clerk) == ("members.xlsx: 3 rows are in the register.\n", "")
    assert Person.objects.members(DAY).count() == 3
    with pytest.raises(CommandError, match="already in the register"):
        shell(path, clerk)


def test_the_command_needs_the_file_alone_where_nothing_is_in_doubt(cell, clerk, town, tmp_path):
    path = tmp_path / "members.csv"
    path.write_bytes(as_csv(Template.MEMBERS, members()))
    call_command("import_register", str(path), stdout=io.StringIO())
    assert Person.objects.members(DAY).count() == 3
    other = a_clerk(of=town)
    with pytest.raises(CommandError, match=f"{clerk.username}.*{other.username}|{other.username}.*{clerk.username}"):
        call_command("import_register", str(path))
    path.write_text("a;b\n1;2\n")
    with pytest.raises(CommandError, match="--template"):
        call_command("import_register", str(path), actor=clerk.username)


def test_the_command_says_what_is_wrong_and_stores_nothing(cell, clerk, tmp_path, capsys):
    path = tmp_path / "members.csv"
    path.write_bytes(as_csv(Template.MEMBERS, [*members(2), *members(1, sex="?", born="")]))
    wrong = io.StringIO()
    with pytest.raises(CommandError, match="1 row is wrong"):
        call_command("import_register", str(path), template="members", actor=clerk.username, stderr=wrong)
    assert wrong.getvalue().startswith("4: ")
    assert "“?” is none of: nam, nữ." in wrong.getvalue()
    assert not Person.objects.members(DAY).exists()


def test_the_command_leaves_wrong_rows_out_where_told_so(cell, clerk, tmp_path):
    path = tmp_path / "members.csv"
    path.write_bytes(as_csv(Template.MEMBERS, [*members(2), {"cell": "C1"}]))
    said, _wrong = shell(path, clerk, leave_out_wrong=True)
    assert said == "members.csv: 2 rows are in the register, 1 left out.\n"
    assert Person.objects.members(DAY).count() == 2


@pytest.mark.parametrize(
    ("_case", "options", "sentence"),
    [
        ("nobody", {"actor": "nobody"}, "no account nobody"),
        ("a day to come", {"as_on": "5/5/2026"}, "still to come"),
        ("no day", {"as_on": "soon"}, "day/month/year"),
        ("no file", {"file": "missing.csv"}, "missing.csv"),
        ("no table", {"content": b"=1,2\n1,2\n"}, "formula"),
    ],
)
def test_the_command_refuses_with_a_sentence(clerk, tmp_path, _case, options, sentence):
    path = tmp_path / "members.csv"
    path.write_bytes(options.pop("content", as_csv(Template.MEMBERS, members())))
    with pytest.raises(CommandError, match=sentence):
        shell(path.with_name(options.pop("file", path.name)), options.pop("actor", clerk), **options)
    assert not ImportBatch.objects.exists()


def test_the_command_asks_for_the_right(town, tmp_path):
    path = tmp_path / "units.csv"
    path.write_bytes(as_csv(Template.UNITS, [{"code": "X", "name": "X", "kind": "chi bộ", "parent": "T1"}]))
    before = Organisation.objects.count()
    with pytest.raises(CommandError, match="may not import"):
        shell(path, an_administrator(of=town), Template.UNITS)
    assert Organisation.objects.count() == before


def test_all_wrong_rows_are_left_out_at_once_and_what_was_typed_is_kept(cell, clerk):
    client, batch = signed_in(clerk), uploaded(clerk, Template.MEMBERS, [*members(1), *members(4, sex="?")[1:]])
    assert "Leave out the 3 wrong rows" in text(client.get(reverse("import_rows", args=[batch.pk])))
    press(client, batch, "leave_out", **{"shown-3": "1", "cell-3-sex": "nam"})
    assert ImportBatch.objects.get(pk=batch.pk).left_out == [4, 5]
    press(client, batch, "apply")
    assert Person.objects.members(DAY).count() == 2
