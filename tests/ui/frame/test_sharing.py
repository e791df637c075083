"""Reading an instrument's parameter, and what is written into the address bar."""

import pytest

from tests.ui.written import address, scripts

ROW = """
import streamlit as st
def row(text):
    return tuple(float(part) for part in text.split(","))
st.text(repr(sharing.read("softmax_z", row, (1.0, 2.0), "logits")))
"""


def test_an_instrument_reads_its_parameter_once(lesson):
    app = lesson(ROW, softmax_z="3,4,5")
    assert app.text[-1].value == "(3.0, 4.0, 5.0)"
    app.query_params["softmax_z"] = "7,7"
    app.run()
    assert app.text[-1].value == "(3.0, 4.0, 5.0)"


def test_the_page_on_paper_knows_the_names_of_what_instruments_write(lesson):
    told = "sharing.name_on_paper('softmax_unit', 'unit', {'bits': 'Bit'}); sharing.name_on_paper('softmax_z', 'logits')"
    app = lesson(
        f"{ROW}{told}; sharing.publish('softmax_a', '1', ('rate', '1')); sharing.publish('softmax_b', '1')"
    )
    names = {
        "softmax_unit": ["unit", {"bits": "Bit"}],
        "softmax_z": ["logits", {}],
        "softmax_a": ["rate", "1"],
    }
    assert address(app)["words"].items() >= names.items()
    assert "softmax_b" not in address(app)["words"]


def test_what_an_instrument_holds_is_kept(lesson):
    app = lesson(ROW + "\nsharing.keep('softmax_z', (9.0,))", softmax_z="3,4,5")
    app.run()
    assert app.text[-1].value == "(9.0,)"


def test_a_bad_parameter_gives_the_default_and_leaves_the_url_once(lesson):
    app = lesson(ROW, softmax_z="1,two")
    assert app.text[-1].value == "(1.0, 2.0)"
    assert address(app)["values"]["softmax_z"] is None
    app.run()
    assert "softmax_z" not in address(app)["values"]


def test_only_values_off_their_default_areaddress(lesson):
    code = "controls.slider('softmax_k', 'K', 2, 10, 3, 1)\ncontrols.toggle('softmax_h', 'Hard')"
    app = lesson(code, softmax_k="5")
    assert address(app)["values"] == {"lang": None, "view": None, "softmax_k": "5", "softmax_h": None}
    app.toggle[0].set_value(True).run()
    app.slider[0].set_value(3).run()
    assert address(app)["values"] == {"lang": None, "view": None, "softmax_k": None, "softmax_h": "true"}


def test_a_hostile_name_cannot_end_the_script(lesson):
    app = lesson("", **{"</script><img src=x onerror=alert(1)>": "1"})
    assert scripts(app)[-1].count("</script>") == 1
    assert "<img" not in scripts(app)[-1]


def test_brings_says_so_once_and_only_for_what_the_link_names(lesson):
    code = """
import streamlit as st
st.text(f"{sharing.brings('softmax_a', 'softmax_b')} {sharing.brings('softmax_b')}")
sharing.read('softmax_a', float, 0.0, 'a')
"""
    app = lesson(code, softmax_a="2")
    assert app.text[0].value == "True False"
    assert app.run().text[0].value == "False False"


def _notes(app):
    bodies = [element.proto.body for element in app.get("html")]
    return " ".join(body for body in bodies if body.startswith('<ul class="lab-notes"'))


@pytest.mark.parametrize(
    "name",
    ["fbclid", "gclid", "utm_source", "UTM_Campaign", "from", "isappinstalled", "share_source", "spm",
     "wxshare_count", "WXShareType", "nsukey", "mc_cid", "igshid", "ref", "_t"],
)  # fmt: skip
def test_what_a_chat_or_a_campaign_appends_leaves_the_address_without_a_note(lesson, name):
    app = lesson(ROW, **{name: "<b>1</b>", "softmax_z": "3,4,5"})
    assert app.text[-1].value == "(3.0, 4.0, 5.0)"
    assert not _notes(app)
    values = address(app)["values"]
    assert values[name] is None
    assert "softmax_z" not in values


@pytest.mark.parametrize("name", ["softmax_zz", "softmax_from", "form", "utm", "lan"])
def test_a_misspelt_setting_is_named_beside_what_a_campaign_appends(lesson, name):
    app = lesson(ROW, **{name: "1", "fbclid": "2", "utm_medium": "chat"})
    assert f"“{name}”" in _notes(app)
    assert "fbclid" not in _notes(app)
    assert "utm_medium" not in _notes(app)


def test_the_setting_of_a_page_may_end_like_a_campaign_parameter(lesson):
    app = lesson(ROW.replace("softmax_z", "softmax_from"), softmax_from="3,4")
    assert app.text[-1].value == "(3.0, 4.0)"
    assert not _notes(app)
    assert "softmax_from" not in address(app)["values"]


def test_one_script_writes_all_that_changed(lesson):
    code = """
@sharing.fragment
def body():
    controls.slider('softmax_k', 'K', 2, 10, 3, 1)
    controls.toggle('softmax_h', 'Hard')
body()
"""
    app = lesson(code, softmax_k="5", softmax_h="true")
    assert len(scripts(app)) == 1
    assert address(app)["values"] == {"lang": None, "view": None, "softmax_k": "5", "softmax_h": "true"}


def test_the_script_of_the_last_run_holds_everything(lesson):
    """Where two runs follow each other at once the browser may never mount the script of the first."""
    app = lesson("controls.slider('softmax_k', 'K', 2, 10, 3, 1)\ncontrols.toggle('softmax_h', 'Hard')")
    app.slider(key="softmax_k").set_value(5).run()
    app.toggle(key="softmax_h").set_value(True).run()
    assert address(app)["values"] == {"lang": None, "view": None, "softmax_k": "5", "softmax_h": "true"}
    app.run()
    assert address(app)["values"] == {"lang": None, "view": None, "softmax_k": "5", "softmax_h": "true"}


def test_a_note_follows_the_language_of_the_reader(lesson):
    code = """
from locales import _
controls.choice("softmax_dtype", _("Settings"), {"a": _("Curves"), "b": "b"}, "a")
sharing.read("softmax_z", float, 0.0, _("logits"))
"""
    app = lesson(code, lang="xx", v="2", softmax_dtype="c", softmax_z="1,2", softmax_no="1")
    english = _notes(app)
    assert "for Settings could not be used: “c”. Shown instead: Curves" in english
    app.session_state["lang"] = "zh"
    chinese = _notes(app.run())
    assert english.count("<li>") == chinese.count("<li>") == 5
    for word in ("Settings", "Curves", "logits", "link", "default"):
        assert word not in chinese
    app.session_state["lang"] = "en"
    assert _notes(app.run()) == english
