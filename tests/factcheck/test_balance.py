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
