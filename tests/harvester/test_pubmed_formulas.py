"""A formula is written on one line so that it cannot be read as another one. All formulas are invented."""

import pytest
from lxml import etree

from harvester.pubmed_xml import parse_record
from harvester.xml_math import formula_text


def i(name: str) -> str:
    return f"<mi>{name}</mi>"


def n(number: str) -> str:
    return f"<mn>{number}</mn>"


def o(sign: str) -> str:
    return f"<mo>{sign}</mo>"


def row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def of(tag: str, *parts: str) -> str:
    return f"<{tag}>{''.join(parts)}</{tag.split(' ')[0]}>"


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (of("mfrac", n("1"), n("2")), "1/2"),
        (n("2") + of("mfrac", n("1"), n("2")), "2 1/2"),
        (of("mfrac", n("1"), n("2")) + o("\u2062") + i("x"), "(1/2)x"),
        (i("x") + o("=") + of("mfrac", n("1"), n("2")) + o("+") + n("3"), "x=1/2+3"),
        (of("mfrac", row(i("a"), o("+"), i("b")), row(n("2"), i("c"))), "(a+b)/(2c)"),
        (of("mfrac", n("1"), of("mfrac", n("2"), n("3"))), "1/(2/3)"),
        (of('mfrac linethickness="0"', i("n"), i("k")), "(n; k)"),
        (of("mfrac", n("1")), "1"),
        (of("msup", n("10"), n("3")), "10^3"),
        (of("msup", n("10"), row(o("−"), n("3"))), "10^(−3)"),
        (of("msup", i("x"), n("2")) + i("y"), "x^2 y"),
        (of("msup", i("x"), o("′")), "x′"),
        (of("msup", row(of("mfrac", n("1"), n("2"))), n("2")), "(1/2)^2"),
        (of("msup", "<mrow/>", n("11")) + i("C"), "^11 C"),
        (of("msub", i("B"), i("max")), "B_max"),
        (of("msub", i("x"), row(i("i"), o("+"), n("1"))), "x_(i+1)"),
        (of("msubsup", i("R"), i("pre"), n("2")), "R_pre^2"),
        (of("msqrt", i("x"), o("+"), n("1")), "√(x+1)"),
        (of("mroot", i("x"), n("3")), "x^(1/3)"),
        (of("munderover", o("∑"), row(i("i"), o("="), n("1")), i("n")) + i("i"), "∑_(i=1)^n i"),
        (of("mover", i("x"), o("¯")), "x¯"),
        (of("mmultiscripts", i("He"), "<mprescripts/><none/>", n("3")), "^3He"),
        (of('mfenced open="["', i("a"), i("b")), "[a,b)"),
        (n("2") + o("\u2062") + n("3"), "2·3"),
        (i("sin") + o("\u2061") + i("x"), "sin x"),
        (i("p") + o("&lt;") + n("0.05"), "p<0.05"),
        (of("semantics", row(i("a"), o("±"), i("b")), "<annotation>a \\pm b</annotation>"), "a±b"),
        (of("mphantom", i("x")) + i("y"), "y"),
        ("<mtext>if </mtext>" + i("x"), "if x"),
        (of("mtable", of("mtr", of("mtd", n("1")), of("mtd", n("0"))), of("mtr", of("mtd", n("2")))), "1, 0; 2"),
        (of("future", i("a"), i("b")), "ab"),
        ("plain", "plain"),
    ],
)
def test_a_formula_keeps_its_operators_and_its_order(formula: str, text: str) -> None:
    assert formula_text(etree.fromstring(f"<math>{formula}</math>")) == text
    spread = f"<math>\n  {formula.replace('><', '>  <')}\n</math>"
    assert formula_text(etree.fromstring(spread)) == text


@pytest.mark.parametrize("bound", [' xmlns:mml="http://www.w3.org/1998/Math/MathML"', ""])
def test_a_formula_stands_in_its_sentence(bound: str) -> None:
    half = f"<mml:math{bound}><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>"
    raw = (
        '<PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><ArticleTitle>A dose of '
        f"{half} mg, <b>{half}</b> of it</ArticleTitle><Abstract><AbstractText>{half}</AbstractText><AbstractText>"
        f"<DispFormula>{half}</DispFormula></AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>"
    )
    record = parse_record(raw.encode())
    assert record.title == "A dose of 1/2 mg, 1/2 of it"
    assert [part.text for part in record.sections] == ["1/2", "1/2"]
