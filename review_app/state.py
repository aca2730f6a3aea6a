"""The names of all session-state keys that more than one place uses. Components own the keys they are given."""

FLASH = "flash"  # what to say after an act, once: a str
SELECTED_SENTENCE = "selected_sentence"  # the sentence whose dossier is open: an int
SELECTED_CLAIM = "selected_claim"  # the claim that is open: a str
CHECKED_TEXT = "checked_text"  # the copy in check before it is stored: a str
EVIDENCE_QUERY = "evidence_query"  # the words searched for: a str
EVIDENCE_PAGE = "evidence_page"  # the page of the list, counted from 1: an int
HARVEST_TROUBLE = "harvest_trouble"  # why the last harvest could not do what it was asked: a str
