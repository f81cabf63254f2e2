"""Each way to get a case file wrong: refused with file, line, column, rule and way out."""

from pathlib import Path

import pytest

from detente.records.case_files import load_case
from detente.records.errors import InputError, one_line
from detente.studies.catalog import RULES
from tests.unit.records.small_case import plant, problems

FIRST = "positions/first.toml"
SPEED = 'value = "6.3 km/s"'
DELAY = 'range = ["0 s", "400 s"]'

# file, what stands there, what is put there with the place of the caret, rule, way out
FIGURES = [
    ("interceptor_speed]", "⟦intercepter_speed]", 'there is no parameter "intercepter_speed"',
     'did you mean "interceptor_speed"?'),
    (SPEED, 'value = ⟦"6.3"', "a unit is missing: 6.3 of what?", '"6.3 km/s"'),
    (SPEED, "value = ⟦6.3", "a number needs its unit", '"6.3 km/s"; accepted are m/s, km/s, km/h, kn'),
    (SPEED, 'value = ⟦"6.3 furlongs"', 'unknown unit "furlongs"',
     "accepted are units of speed: m/s, km/s, km/h, kn"),
    (SPEED, 'value = ⟦"6.3 KM/S"', 'unknown unit "KM/S"', 'did you mean "km/s"?'),
    (SPEED, 'value = ⟦"6.3 mi"', 'unit "mi" is ambiguous',
     'write "statute_mi" (1.609344 km) or "nmi" (1.852 km)'),
    (SPEED, 'value = ⟦"6,3 km/s"', "a comma may only separate thousands", 'a decimal point: "6.3 km/s"'),
    (SPEED, 'value = ⟦"6.3 km"', '"km" is a unit of length, not of speed', "m/s, km/s, km/h, kn"),
    (SPEED, 'value = ⟦"63 km/s"', "outside its physical bounds 1 km/s to 11 km/s", "interceptor speed"),
    (SPEED, "value = ⟦nan", "nan is not a number", "state a number"),
    (SPEED, "value = ⟦inf", "inf is not a number", "state a number"),
    (SPEED, 'value = ⟦"nan km/s"', '"nan km/s" is not a number', "leave the figure out"),
    (SPEED, 'value = ⟦"1e999 km/s"', "too large to be a number", "smaller"),
    (SPEED, 'value = ⟦""', "the value is empty", '"6.3 km/s"'),
    (SPEED, 'value = ⟦"fast enough"', "is not a number with a unit, a place or the name of a choice",
     '"early-warning"'),
    (SPEED, "value = ⟦true", "a text is expected here, not true or false", '"6.3 km/s"'),
    (SPEED, f'{SPEED}\nrange = ⟦["7 km/s", "6 km/s"]', "range 7 km/s to 6 km/s does not rise", "lower value"),
    (SPEED, f'{SPEED}\nrange = ["6 km/s", ⟦"7 kms"]', 'unknown unit "kms"', 'did you mean "km/s"?'),
    (SPEED, f'{SPEED}\nrange = ⟦["6 km/s", "7 s"]', '"s" is a unit of time, not of speed', "km/s"),
    (SPEED, f'{SPEED}\nrange = ⟦["6 km/s"]', "too few entries stand here", "write exactly 2"),
    (SPEED, f'{SPEED}\nrange = ⟦["1 km/s", "2 km/s", "3 km/s"]', "3 entries stand here", "write exactly 2"),
    (SPEED, f'{SPEED}\ndistribution = ⟦3', "a table is expected here, not a number", "distribution"),
    ('value = "120 s"', 'value = ⟦"500 s"', "value 500 s lies outside its range 0 s to 400 s", "widen"),
    (SPEED, 'distribution = ⟦{ kind = "normal", mean = "6 km/s" }', "a normal distribution needs `sd`",
     "mean, sd"),
    (SPEED, 'distribution = { kind = "normal", mean = "6 km/s", sd = ⟦"0 km/s" }', "above zero", "state it"),
    (SPEED, 'distribution = { kind = "normal", mean = "6 km/s", sd = ⟦"2 s" }', "not of speed", "km/s"),
    (SPEED, f"{SPEED}\n⟦valu = 1", 'unknown key "valu"', 'did you mean "value"?'),
    ('status = "read"', 'status = ⟦"raed"', '"raed" is not a choice for "status"', 'did you mean "read"?'),
    ('[figures.interceptor_speed]\nvalue = "6.3 km/s"\ndate = "2007-05"\nsource = "book"\nstatus = "read"\n',
     '[figures.⟦interceptor_speed]\nvalue = "6.3 km/s"\n', 'the key "status" is missing', "add status"),
    ('source = "book"', 'source = ⟦"boook"', 'there is no source "boook"', 'did you mean "book"?'),
    ('source = "book"', 'source = ["book", ⟦"bok"]', 'there is no source "bok"', 'did you mean "book"?'),
    ('source = "book"\nstatus = "read"', 'source = "rumor"\nstatus = ⟦"read"',
     'status "read", and no source of it was read ("rumor": not read)', '"secondary" or "unverified"'),
    ('date = "2007-05"', 'date = ⟦"May 2007"', '"May 2007" is not a date', "2007-05-16"),
    ('date = "2007-05"', 'date = ⟦"2007-02-30"', "is not a day of the calendar", "correct"),
    ('date = "2007-05"', "date = ⟦2007", "a date is a text", '"2007" in quotation marks'),
    ('party = "a"', 'party = ⟦"ab"', 'there is no party "ab"', 'did you mean "'),
    ('party = "a"', 'inherits = ⟦"first"', 'position "first" inherits from itself: first -> first', "remove"),
    ('party = "a"', 'inherits = ⟦"secnd"', 'there is no position "secnd"', 'did you mean "second"?'),
    ('party = "a"', 'inherits = ⟦"second"', "first -> second -> first", "remove one `inherits`"),
    ('party = "a"', '⟦origin = {}', 'unknown key "origin"', "use one of"),
    ('party = "a"', '⟦hodler = "x"', 'unknown key "hodler"', 'did you mean "holder"?'),
    ('id = "first"', 'id = ⟦"frist"', 'the file is named "first" and calls its position "frist"', "rename"),
    ('holder = "Party A"', 'holder = ⟦""', 'the key "holder" is missing', "whoever stated the figures"),
    ('party = "a"', 'party = ⟦3', "a text is expected here, not a number", "id of the party"),
    ("[figures.commit_delay]", "[figures.⟦commit_dealy]", 'there is no parameter "commit_dealy"',
     'did you mean "commit_delay"?'),
    ("[figures.commit_delay]", '[figures.⟦"Commit delay"]', '"Commit delay" cannot be the name',
     "lower-case"),
    (DELAY, 'range = ["0 s", "400 s"]\n⟦value = "1 s"', 'the key "value" is given twice, in lines 13 and 15',
     "remove one"),
    ('party = "a"', 'party = ⟦russia', "there is no TOML value here", "quotation marks"),
]  # fmt: skip

CLAIMS = [
    ('output = "margin_km_s"', 'output = ⟦"margin_km"', 'study "reach" has no output "margin_km"',
     'did you mean "margin_km_s"?'),
    ('output = "margin_km_s"', 'output = ⟦"burnout_s"', 'output "burnout_s" is not a margin', "margin_km_s"),
    ('study = "reach"', 'study = ⟦"raech"', 'there is no study "raech"', 'did you mean "reach"?'),
    ('launches = ["area"]', 'launches = [⟦"aera"]', 'there is no launch area "aera"', 'did you mean "area"?'),
    ('aims = ["point"]', 'aims = [⟦"area"]', '"area" is a launch area, not a sample point', "sample-point"),
    ('aims = ["point"]', "aims = ⟦[]", "at least one sample point", "add one"),
    ('aims = ["point"]', 'aims = ⟦["point", "point"]', "sample point point is named twice", "once"),
    ('quantifier = "any"', 'quantifier = ⟦"some"', '"some" is not a choice for "quantifier"',
     "any, all, share"),
    ('quantifier = "any"', 'quantifier = "any"\nshare = ⟦0.5', 'quantifier "any" takes no share',
     "leave out"),
    ('quantifier = "any"', 'quantifier = "share"\nshare = ⟦nan', "nan is not a number", "state a number"),
    ('quantifier = "any"', 'quantifier = "share"\nshare = ⟦50', "share 50 is not above 0", "0.5"),
    ('quantifier = "any"', '⟦quantfier = "any"', 'unknown key "quantfier"', 'did you mean "quantifier"?'),
    ('denies = "reaches"', 'denies = ⟦"reachs"', 'there is no claim "reachs"', 'did you mean "reaches"?'),
    ('denies = "reaches"', 'denies = ⟦"reaches-not"', "denies itself", "name another claim"),
    ('id = "reaches-not"', 'id = ⟦"reaches"', 'two claims with one id "reaches", in lines 3 and 19',
     "rename"),
    ('by = "a"', 'by = ⟦"zz"', 'there is no party "zz"', "a, b"),
    ('words = "it reaches"', 'words = ⟦""', '"words" is empty', "as printed"),
    ('source = "book"', 'source = ⟦"bok"', 'there is no source "bok"', 'did you mean "book"?'),
    ('source = "book"', 'source = ⟦"The Book"', '"The Book" is not a key', "lower-case"),
    ('denies = "reaches"', '⟦margin = "x"', 'unknown key "margin"', "use one of"),
    ('denies = "reaches"', "standard = ⟦inf", "inf is not a number", "leave the key out"),
    ('by = "Somebody Else"', 'by = ⟦["x"]', "a text is expected here, not a list", "whose claim"),
]  # fmt: skip

SOURCES = [
    ("[sources.rumor]", "[sources.⟦book]", 'two sources with one key "book", in lines 2 and 6', "rename"),
    ("[sources.rumor]", "[sources.⟦Rumor]", '"Rumor" cannot be the key of a source', "lower-case"),
    ('read = "not read"', 'read = ⟦"unread"', '"unread" is not a choice for "read"', "not read"),
    ('read = "not read"', '⟦raed = "not read"', 'unknown key "raed"', '"read"'),
    ("[sources.rumor]", "[⟦sorces.rumor]", 'unknown key "sorces"', '"sources"'),
]

CASE = [
    ('["first", "second"]', '["first", ⟦"third"]', 'there is no position "third"', "first, second"),
    ('["first", "second"]', '["first", ⟦"first"]', '"first" is compared with itself', "two different"),
    ('["first", "second"]', '⟦["first", "second", "first"]', "3 entries stand here", "exactly 2"),
    ('["first", "second"]', '⟦"first"', "a list is expected here, not a text", "two positions"),
    ('lead_claim = "reaches"', 'lead_claim = ⟦"raeches"', 'there is no claim "raeches"', '"reaches"'),
    ('id = "b"', 'id = ⟦"a"', 'two parties with one id "a", in lines 10 and 14', "rename"),
    ('id = "b"', 'id = ⟦"Party B"', '"Party B" is not a key', "lower-case"),
    ('places = "places.csv"', 'places = ⟦"place.csv"', 'there is no file "place.csv"', '"places.csv"'),
    ('places = "places.csv"', 'places = ⟦"../places.csv"', "names a CSV file of this folder", "places.csv"),
    ('title = "A small case"', 'title = ⟦"""x', "the text does not end", "close"),
    ('title = "A small case"', 'title = ⟦""', '"title" is empty', "heading"),
    (
        "#:schema detente/case/1",
        "#:schema ⟦detente/claims/1",
        'calls itself "detente/claims/1"',
        "write #:schema",
    ),
    ('title = "A small case"', '⟦titel = "A small case"', 'unknown key "titel"', 'did you mean "title"?'),
]

PLACES = [
    (",-35.0,", ",⟦NaN,", '"NaN" is not a number', "state the degrees, or leave the row out"),
    (",-35.0,", ",⟦-inf,", '"-inf" is not a number', "leave the row out"),
    (",-35.0,", ",⟦,", "a latitude is missing", "decimal point"),
    (",-35.0,", ",⟦35S,", '"35S" is not a latitude', "decimal point"),
    (",-35.0,", ',⟦"-35,0",', '"-35,0" is not a latitude', "decimal point"),
    (",-35.0,", ",⟦-95.0,", "latitude -95 is outside -90 to 90 degrees", "south negative"),
    (",-140.0,", ",⟦220.0,", "longitude 220 is outside -180 to 180 degrees", "west negative"),
    (",launch-area,", ",⟦launch-aera,", '"launch-aera" is not a choice for "kind"', '"launch-area"'),
    ("point,Point", "⟦area,Point", 'two places with one id "area", in lines 2 and 3', "rename"),
    ("point,Point", "⟦Point One,Point", '"Point One" is not a key', "lower-case"),
    (",read,book,", ",read,⟦bok,", 'there is no source "bok"', 'did you mean "book"?'),
    (",read,book,", ",⟦read,,", 'status "read" needs a source', "unverified"),
    (",read,book,", ",⟦read,rumor,", "no source of it was read", "secondary"),
    (",read,book,", ",⟦assumed,book,", "an assumed figure gives its reason", "note"),
    ("area,Area,", "area,⟦,", '"name" is empty', "reader"),
    ("area,Area,", "⟦area,Area,extra,", "10 cells stand here and the table has 9 columns", "quotation marks"),
    ("latitude_deg", "⟦lattitude_deg", 'unknown column "lattitude_deg"', 'did you mean "latitude_deg"?'),
    ("country", "⟦name", 'two columns "name"', "remove one"),
    ("kind,latitude", "⟦,latitude", "column 3 has no name", "name it"),
]


def rows(name: str, table: list[tuple[str, str, str, str]]) -> list[object]:
    return [
        pytest.param(name, old, new, rule, way_out, id=f"{name}: {rule}") for old, new, rule, way_out in table
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "way_out"),
    [
        *rows(FIRST, FIGURES),
        *rows("claims.toml", CLAIMS),
        *rows("sources.toml", SOURCES),
        *rows("case.toml", CASE),
        *rows("places.csv", PLACES),
    ],
)
def test_a_fault_is_named_with_its_place(
    folder: Path, name: str, old: str, new: str, rule: str, way_out: str
) -> None:
    planted = plant(folder, name, old, new)
    found = [problem for problem in problems(folder) if rule in problem.rule]
    assert found, f"not found: {rule}\n" + "\n".join(map(str, problems(folder)))
    problem = found[0]
    assert (problem.file, problem.line, problem.column) == (name, planted.line, planted.column)
    assert problem.text == planted.text
    assert way_out in one_line(problem)
    assert len(found) == 1
    with pytest.raises(InputError) as refused:
        load_case(folder, RULES)
    assert str(problem) in str(refused.value)
