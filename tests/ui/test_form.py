"""Fields as WTForms gives them: label, hint and error at the place, and everything typed comes back."""
import re

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, fields
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length


class Claim(Form):
    name = fields.StringField("Name", [DataRequired(), Length(max=5)])
    fee = fields.IntegerField("Fee", [DataRequired()])
    note = fields.TextAreaField("Note")
    secret = fields.PasswordField("Secret", description="Said by the form itself")
    level = fields.RadioField("Level", [DataRequired()], choices=[SelectChoice("n1", "N1"), SelectChoice("n2", "N2")])
    days = fields.SelectMultipleField("Days", choices=[SelectChoice("mon", "Monday"), SelectChoice("tue", "Tuesday")])
    site = fields.SelectField("Site", choices=[SelectChoice("nara", "Nara")])
    agreed = fields.BooleanField("I agree", [DataRequired()])
    receipt = fields.FileField("Receipt", [DataRequired()])
    version = fields.HiddenField()


@pytest.fixture
def sent() -> Claim:
    form = Claim(MultiDict({"name": "<b>far too long</b>", "fee": "seven", "days": "tue", "version": "3"}))
    assert not form.validate()
    return form


def test_a_post_form_carries_token_and_key(ui):
    page = ui('{{ form.start("/claims") }}{{ form.submit("File") }}{{ form.end() }}')
    assert 'name="csrf_token" value="token"' in page
    assert 'name="_key" value="key"' in page
    assert 'type="hidden"' not in ui('{{ form.start("/claims", "get") }}{{ form.end() }}')
    assert "data-guard" in ui('{{ form.start("/claims", guard=true) }}{{ form.end() }}')


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_kind_of_field_is_labelled_and_whole(ui, sent, lang):
    page = ui("{% for f in fields %}{{ form.field(f, 'A hint') }}{% endfor %}", lang, fields=list(sent))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:\bfor|aria-describedby)="([^"]+)"', page):
        assert set(target.split()) <= set(ids)
    assert "None" not in page
    assert "&lt;b&gt;far too long" in page
    for control in re.findall(r"<(?:input|select|textarea)\b[^>]*>", page):
        if 'type="hidden"' not in control:
            one = re.search(r'\sid="([^"]+)"', control).group(1)
            assert f'for="{one}"' in page or re.search(rf"<label[^>]*>[^/]*{re.escape(control)}", page), control


def test_an_error_stands_at_its_place(ui, sent):
    page = ui("{{ form.field(f) }}", f=sent.name)
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="name-error"' in page
    assert "has-error" in page
    assert "aria-invalid" not in ui("{{ form.field(f) }}", f=sent.note)


def test_the_summary_takes_the_focus_and_leads_to_each_place(ui, sent):
    page = ui("{{ form.errors(f) }}", f=sent)
    assert "data-focus" in page
    assert 'href="#name"' in page
    assert 'href="#level-0"' in page, "the first of several"
    assert 'id="level-0"' in ui("{{ form.field(f) }}", f=sent.level)
    assert ui("{{ form.errors(f) }}", f=Claim()).strip() == ""


def test_an_error_of_the_whole_form_is_said(ui):
    form = Claim()
    form.form_errors.append("The two days do not fit.")
    assert "The two days do not fit." in ui("{{ form.errors(f) }}", f=form)


def test_optional_is_said_and_needed_is_not(ui, sent):
    assert "optional" in ui("{{ form.field(f) }}", f=sent.note)
    assert "optional" not in ui("{{ form.field(f) }}", f=sent.fee)


def test_choices_come_back_as_they_were(ui, sent):
    page = ui("{{ form.field(f) }}", f=sent.days)
    assert re.search(r'value="tue" checked', page)
    assert "checked" not in re.search(r'<input[^>]*value="mon"[^>]*>', page).group(0)


def test_an_upload_shows_what_is_stored(ui, sent):
    kept = {"name": "receipt.jpg", "size": "1.4 MB", "at": "21:04", "url": "/files/1", "picture": "/files/1/small", "remove": "/files/1/remove"}
    page = ui("{{ form.upload(f, 'Readable, please', kept) }}", f=sent.receipt, kept=kept)
    for part in ("receipt.jpg", "1.4 MB", "stored 21:04", 'src="/files/1/small"', 'formaction="/files/1/remove"', 'data-upload="receipt-chosen"'):
        assert part in page
    assert "upload-kept" in ui("{{ form.upload(f, kept={'name': 'a.pdf', 'size': '1 kB'}) }}", f=sent.receipt)


def test_one_button_is_a_whole_form(ui):
    page = ui('{{ form.act("/days/1/undo", "Undo", fields={"day": 1}, about="Monday") }}')
    assert page.count("<form") == page.count("</form>") == 1
    assert 'name="day" value="1"' in page
    assert "Monday" in page
