"""Study: one article to read, and beside it what people say of it: tags, findings, claims, history."""

import streamlit as st

from db import config
from db.engine import reading
from db.queries import claims
from db.queries.full_texts import full_text_names
from review_app import auth
from review_app.components.full_text_fold import full_text_fold
from review_app.components.risk_of_bias import risk_of_bias
from review_app.components.study_act import study_trouble
from review_app.components.study_article import study_article, study_facts
from review_app.components.study_choice import asked_study, no_such_study
from review_app.components.study_claims import link_form, linked_claims
from review_app.components.study_consensus import study_consensus
from review_app.components.study_findings import finding_form, findings_list
from review_app.components.study_group import study_group
from review_app.components.study_history import study_history
from review_app.components.study_notices import study_notices
from review_app.components.tag_form import tag_form, tags_to_read
from review_app.database import engine
from review_app.services import study_page, tool_choice
from review_app.services.permissions import May, allows

actor, topic_id, asked = auth.current_actor(), config.settings().footnote_topic, asked_study()
may_tag, may_quote = allows(actor, May.TAG), allows(actor, May.QUOTE)
with reading(engine()) as session:
    study = study_page.study_page(session, viewer=actor, topic_id=topic_id, asked=asked)
    records = [study.article.id, *(row.id for row in study.merged)] if study else []
    full_texts = full_text_names(session, article_ids=records)

if study is None:
    no_such_study(asked)
    st.stop()

left, right = st.columns([55, 45], gap="large")
with right, st.container(key="dossier"):
    study_trouble()
    on_tags, on_consensus, on_findings, on_bias, on_claims, on_history = st.tabs(
        ["Tags", "Consensus", "Findings", "Risk of bias", "Claims", "History"],
        key="tab",
        bind="query-params",
        on_change="rerun",
    )
with left:
    study_notices(study)
    sentence = study_article(study, show_suggestions=bool(on_tags.open))
    full_text_fold(full_texts)
    study_facts(study)
    study_group(study, may_tag=may_tag)
if on_tags.open:
    with on_tags:
        if may_tag:
            tag_form(study, sentence)
        else:
            tags_to_read(study)
if on_consensus.open:
    with reading(engine()) as session:
        compared = tool_choice.of_article(session, viewer=actor, topic_id=topic_id, article_id=study.article.id)
    with on_consensus:
        study_consensus(study, compared, may_settle=allows(actor, May.ADJUDICATE))
if on_findings.open:
    with on_findings:
        findings_list(study, actor=actor, may_tag=may_tag)
        if may_tag:
            finding_form(study, sentence)
if on_bias.open:
    with on_bias:
        risk_of_bias(study, may_tag=may_tag)
if on_claims.open:
    with on_claims:
        linked_claims(study, actor=actor, may_quote=may_quote)
        if may_quote:
            with reading(engine()) as session:
                known = claims.claims(session, viewer=actor, topic_id=topic_id)
            link_form(study, sentence, known)
if on_history.open:
    with reading(engine()) as session:
        history = study_page.study_history(session, viewer=actor, topic_id=topic_id, article_id=study.article.id)
    with on_history:
        study_history(study, history)
