from factcheck.factcheck_copy import check


def test_a_risk_that_is_named_points_at_its_sentence() -> None:
    result = check("Spravato may help some adults.\n\nIt can cause sedation and respiratory depression.")
    said = {item.concept: item.sentence for item in result.balance if item.present}
    assert said["spravato-sedation"] == 1
    assert said["spravato-respiratory-depression"] == 1


def test_a_risk_that_is_not_named_is_absent() -> None:
    result = check("Spravato may help some adults.")
    absent = {item.concept for item in result.balance if not item.present}
    assert "spravato-dissociation" in absent
    assert all(item.sentence is None for item in result.balance if not item.present)


def test_a_product_that_is_not_named_needs_no_balance() -> None:
    assert check("Depression is common and antidepressants may help.").balance == ()


def test_words_that_only_brush_a_limit_do_not_state_it() -> None:
    result = check(
        "Ketamine may help with depression, with some patients reporting benefits.\n\n"
        "There may be temporary changes in blood pressure. More research is under way."
    )
    said = {item.concept for item in result.balance if item.present}
    assert "blood-pressure" in said
    assert not said & {"not-everyone-responds", "transient-effect", "long-term-unknown"}


def test_limits_that_are_stated_count() -> None:
    result = check("Ketamine may relieve depression. It does not work for everyone. The effects may not last.")
    said = {item.concept for item in result.balance if item.present}
    assert {"not-everyone-responds", "transient-effect"} <= said


def test_a_heading_states_no_limit() -> None:
    result = check("Spravato and treatment-resistant depression\n\nSpravato may help you.")
    assert "spravato-indication" in {item.concept for item in result.balance if not item.present}
