"""The names of all session-state keys that more than one place uses. Components own the keys they are given."""

FLASH = "flash"  # what to say after an act, once: a str
EVIDENCE_QUERY = "q"  # the words searched for, in the address too: a str
EVIDENCE_PAGE = "page"  # the page of the list, in the address too, counted from 1: an int
STUDY_TROUBLE = "study_trouble"  # why the last act on a study was not carried out: a str
HARVEST_TROUBLE = "harvest_trouble"  # why the last harvest could not do what it was asked: a str
FORM_TROUBLE = "form_trouble"  # why the last change of the tagging form was not made: a str
GRADE_TROUBLE = "grade_trouble"  # why the last grade was not kept: a str
DUPLICATES_TROUBLE = "duplicates_trouble"  # why the last decision on a pair was not carried out: a str
SCREENING_TROUBLE = "screening_trouble"  # why the last act in screening was not carried out: a str
