"""Tag form: what reviewers are asked about a study, changed by a lead at any time; entries keep their own form."""

from review_app import state
from review_app.components.form_editor import add_question, form_head, questions
from review_app.components.trouble import show_trouble

show_trouble(state.FORM_TROUBLE)
form = form_head()
questions(form)
add_question(form)
