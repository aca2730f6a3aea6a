"""The first library: every table of the house, so that behaviour can grow without schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001_first_library"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "label",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_label"),
        sa.UniqueConstraint("set_id", "version", name="uq_label_set_id_version"),
    )
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("name_key", name="uq_member_name_key"),
    )
    op.create_table(
        "regulatory_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("authority", sa.String(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_regulatory_notice"),
        sa.UniqueConstraint("key", name="uq_regulatory_notice_key"),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sign_in_attempt"),
    )
    op.create_index("ix_sign_in_attempt_name_key", "sign_in_attempt", ["name_key"], unique=False)
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_stored_file"),
    )
    op.create_table(
        "study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_study"),
    )
    op.create_table(
        "topic",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("watermark", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
    )
    op.create_table(
        "article",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pmid", sa.Integer(), nullable=True),
        sa.Column("doi", sa.String(), nullable=True),
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("vernacular_title", sa.Text(), nullable=True),
        sa.Column("abstract", sa.Text(), nullable=False),
        sa.Column("sections", sa.JSON(), nullable=False),
        sa.Column("authors", sa.JSON(), nullable=False),
        sa.Column("journal", sa.String(), nullable=True),
        sa.Column("iso_abbreviation", sa.String(), nullable=True),
        sa.Column("issn", sa.String(), nullable=True),
        sa.Column("volume", sa.String(), nullable=True),
        sa.Column("issue", sa.String(), nullable=True),
        sa.Column("pages", sa.String(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("day", sa.Integer(), nullable=True),
        sa.Column("medline_date", sa.String(), nullable=True),
        sa.Column("electronic_date", sa.Date(), nullable=True),
        sa.Column("pmcid", sa.String(), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("indexing_method", sa.String(), nullable=True),
        sa.Column("date_revised", sa.Date(), nullable=True),
        sa.Column("date_completed", sa.Date(), nullable=True),
        sa.Column("date_entered", sa.Date(), nullable=True),
        sa.Column("integrity", sa.String(32), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("raw_hash", sa.String(), nullable=True),
        sa.Column("parser_version", sa.Integer(), nullable=False),
        sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tombstoned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("merged_into_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("pmid IS NOT NULL OR doi IS NOT NULL OR title <> ''", name="ck_article_identified"),
        sa.ForeignKeyConstraint(["merged_into_id"], ["article.id"], name="fk_article_merged_into_id_article"),
        sa.ForeignKeyConstraint(["study_id"], ["study.id"], name="fk_article_study_id_study"),
        sa.PrimaryKeyConstraint("id", name="pk_article"),
        sa.UniqueConstraint("doi", name="uq_article_doi"),
        sa.UniqueConstraint("pmid", name="uq_article_pmid"),
    )
    op.create_index("ix_article_study_id", "article", ["study_id"], unique=False)
    op.create_index("ix_article_year", "article", ["year"], unique=False)
    op.create_table(
        "audit_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["member.id"], name="fk_audit_event_actor_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_event"),
        sa.UniqueConstraint("hash", name="uq_audit_event_hash"),
    )
    op.create_index("ix_audit_event_action", "audit_event", ["action"], unique=False)
    op.create_index("ix_audit_event_actor_id", "audit_event", ["actor_id"], unique=False)
    op.create_index("ix_audit_event_subject", "audit_event", ["subject_kind", "subject_id"], unique=False)
    op.create_table(
        "claim",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=False),
        sa.Column("origin", sa.String(32), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name="fk_claim_created_by_member"),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_claim_owner_id_member"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_claim_topic_id_topic"),
        sa.PrimaryKeyConstraint("id", name="pk_claim"),
    )
    op.create_index("ix_claim_owner_id", "claim", ["owner_id"], unique=False)
    op.create_index("ix_claim_topic_id", "claim", ["topic_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["member.id"], name="fk_document_owner_id_member"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_document_topic_id_topic"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
    )
    op.create_index("ix_document_owner_id", "document", ["owner_id"], unique=False)
    op.create_index("ix_document_topic_id", "document", ["topic_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_draft_member_id_member"),
        sa.PrimaryKeyConstraint("member_id", "key", name="pk_draft"),
    )
    op.create_table(
        "form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_form_author_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_form"),
        sa.UniqueConstraint("name", "version", name="uq_form_name_version"),
    )
    op.create_table(
        "harvest_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("query_translation", sa.Text(), nullable=True),
        sa.Column("not_found", sa.JSON(), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_harvest_run_topic_id_topic"),
        sa.PrimaryKeyConstraint("id", name="pk_harvest_run"),
    )
    op.create_index("ix_harvest_run_topic_id", "harvest_run", ["topic_id"], unique=False)
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("role", sa.String(32), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name="fk_one_time_link_created_by_member"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_one_time_link_member_id_member"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_one_time_link"),
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("dual", sa.Boolean(), nullable=False),
        sa.Column("blinded", sa.Boolean(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name="fk_review_created_by_member"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_review_topic_id_topic"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
    )
    op.create_index("ix_review_topic_id", "review", ["topic_id"], unique=False)
    op.create_table(
        "setting",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["member.id"], name="fk_setting_changed_by_member"),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_sign_in_session_member_id_member"),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in_session"),
    )
    op.create_index("ix_sign_in_session_member_id", "sign_in_session", ["member_id"], unique=False)
    op.create_table(
        "article_mesh",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ui", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("major", sa.Boolean(), nullable=False),
        sa.Column("qualifiers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_mesh_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_mesh"),
    )
    op.create_index("ix_article_mesh_name", "article_mesh", ["name"], unique=False)
    op.create_table(
        "article_publication_type",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ui", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_publication_type_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_publication_type"),
    )
    op.create_index("ix_article_publication_type_name", "article_publication_type", ["name"], unique=False)
    op.create_table(
        "article_registry_id",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("databank", sa.String(), nullable=False),
        sa.Column("accession", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_article_registry_id_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "position", name="pk_article_registry_id"),
    )
    op.create_index("ix_article_registry_id_accession", "article_registry_id", ["accession"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("pages", sa.JSON(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_attachment_article_id_article"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_attachment_member_id_member"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name="fk_attachment_sha256_stored_file"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_article_id", "attachment", ["article_id"], unique=False)
    op.create_table(
        "change_log",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("old_hash", sa.String(), nullable=True),
        sa.Column("new_hash", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_change_log_article_id_article"),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_change_log_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_change_log"),
    )
    op.create_index("ix_change_log_article_id", "change_log", ["article_id"], unique=False)
    op.create_index("ix_change_log_run_id", "change_log", ["run_id"], unique=False)
    op.create_table(
        "citation_metric",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("citation_count", sa.Integer(), nullable=True),
        sa.Column("relative_citation_ratio", sa.Float(), nullable=True),
        sa.Column("nih_percentile", sa.Float(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_citation_metric_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", "source", "as_of", name="pk_citation_metric"),
    )
    op.create_table(
        "claim_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_claim_state_claim_id_claim"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_claim_state_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_state"),
    )
    op.create_index("ix_claim_state_claim_id", "claim_state", ["claim_id"], unique=False)
    op.create_table(
        "claim_verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("certainty", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("contradicting_seen", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stale_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_claim_verdict_claim_id_claim"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_claim_verdict_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_verdict"),
    )
    op.create_index("ix_claim_verdict_state", "claim_verdict", ["claim_id", "member_id", "id"], unique=False)
    op.create_table(
        "claim_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("claim_type", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("search_query", sa.Text(), nullable=False),
        sa.Column("qualifiers", sa.JSON(), nullable=False),
        sa.Column("certainty", sa.String(32), nullable=False),
        sa.Column("certainty_note", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_claim_version_author_id_member"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_claim_version_claim_id_claim"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_version"),
        sa.UniqueConstraint("claim_id", "number", name="uq_claim_version_claim_id_number"),
    )
    op.create_table(
        "dismissal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_dismissal_document_id_document"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_dismissal_member_id_member"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["member.id"], name="fk_dismissal_withdrawn_by_member"),
        sa.PrimaryKeyConstraint("id", name="pk_dismissal"),
    )
    op.create_index("ix_dismissal_document_id", "dismissal", ["document_id"], unique=False)
    op.create_table(
        "document_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("extractor_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_document_version_author_id_member"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_document_version_document_id_document"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name="fk_document_version_sha256_stored_file"),
        sa.PrimaryKeyConstraint("id", name="pk_document_version"),
        sa.UniqueConstraint("document_id", "number", name="uq_document_version_document_id_number"),
    )
    op.create_table(
        "duplicate_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_duplicate_proposal_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name="fk_duplicate_proposal_decided_by_member"),
        sa.ForeignKeyConstraint(
            ["other_id"], ["article.id"], name="fk_duplicate_proposal_other_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_duplicate_proposal"),
        sa.UniqueConstraint("article_id", "other_id", name="uq_duplicate_proposal_article_id_other_id"),
    )
    op.create_table(
        "grade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_grade_claim_id_claim"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_grade_member_id_member"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_grade_review_id_review"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["grade.id"], name="fk_grade_supersedes_id_grade"),
        sa.PrimaryKeyConstraint("id", name="pk_grade"),
    )
    op.create_index("ix_grade_claim_id", "grade", ["claim_id"], unique=False)
    op.create_table(
        "harvest_slice",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("pmid_lo", sa.Integer(), nullable=False),
        sa.Column("pmid_hi", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_harvest_slice_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("run_id", "pmid_lo", name="pk_harvest_slice"),
    )
    op.create_table(
        "harvest_todo",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("pmid", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("message", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_harvest_todo_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("run_id", "pmid", name="pk_harvest_todo"),
    )
    op.create_index("ix_harvest_todo_state", "harvest_todo", ["state"], unique=False)
    op.create_table(
        "import_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_import_source_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_import_source_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_import_source"),
        sa.UniqueConstraint("article_id", "kind", "name", name="uq_import_source_article_id_kind_name"),
    )
    op.create_index("ix_import_source_run_id", "import_source", ["run_id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("acquired_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancel_requested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_requested_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_lease_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("is_subject", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref_type", sa.String(), nullable=True),
        sa.Column("other_pmid", sa.Integer(), nullable=True),
        sa.Column("other_doi", sa.String(), nullable=True),
        sa.Column("stated", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("source_key", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_notice_article_id_article"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("source", "source_key", name="uq_notice_source_source_key"),
    )
    op.create_index("ix_notice_article_id", "notice", ["article_id"], unique=False)
    op.create_index("ix_notice_kind", "notice", ["kind"], unique=False)
    op.create_index("ix_notice_other_pmid", "notice", ["other_pmid"], unique=False)
    op.create_table(
        "raw_record",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_raw_record_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_raw_record"),
    )
    op.create_table(
        "record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("calibration", sa.Boolean(), nullable=False),
        sa.Column("assigned_to", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["member.id"], name="fk_record_added_by_member"),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_record_article_id_article"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_record_review_id_review"),
        sa.PrimaryKeyConstraint("id", name="pk_record"),
        sa.UniqueConstraint("review_id", "article_id", name="uq_record_review_id_article_id"),
    )
    op.create_index("ix_record_article_id", "record", ["article_id"], unique=False)
    op.create_table(
        "review_criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_review_criteria_author_id_member"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_review_criteria_review_id_review"),
        sa.PrimaryKeyConstraint("id", name="pk_review_criteria"),
        sa.UniqueConstraint("review_id", "version", name="uq_review_criteria_review_id_version"),
    )
    op.create_table(
        "review_member",
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_review_member_member_id_member"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_review_member_review_id_review"),
        sa.PrimaryKeyConstraint("review_id", "member_id", name="pk_review_member"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("raw_hash", sa.String(), nullable=True),
        sa.Column("raw_body", sa.LargeBinary(), nullable=True),
        sa.Column("retrieved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_revision_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_revision_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
    )
    op.create_index("ix_revision_article_id", "revision", ["article_id"], unique=False)
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("md5", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_source_file_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_source_file"),
        sa.UniqueConstraint("name", "md5", name="uq_source_file_name_md5"),
    )
    op.create_table(
        "study_grouping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("from_study_id", sa.Integer(), nullable=False),
        sa.Column("to_study_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_study_grouping_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["from_study_id"], ["study.id"], name="fk_study_grouping_from_study_id_study"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_study_grouping_member_id_member"),
        sa.ForeignKeyConstraint(["to_study_id"], ["study.id"], name="fk_study_grouping_to_study_id_study"),
        sa.PrimaryKeyConstraint("id", name="pk_study_grouping"),
    )
    op.create_index("ix_study_grouping_article_id", "study_grouping", ["article_id"], unique=False)
    op.create_table(
        "tag_suggestion",
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("tagger_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("study_design", sa.String(), nullable=True),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_tag_suggestion_article_id_article", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article_id", name="pk_tag_suggestion"),
    )
    op.create_index("ix_tag_suggestion_study_design", "tag_suggestion", ["study_design"], unique=False)
    op.create_table(
        "tagging",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.Integer(), nullable=False),
        sa.Column("consensus", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("suggested", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_tagging_article_id_article"),
        sa.ForeignKeyConstraint(["form_id"], ["form.id"], name="fk_tagging_form_id_form"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_tagging_member_id_member"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_tagging_review_id_review"),
        sa.PrimaryKeyConstraint("id", name="pk_tagging"),
    )
    op.create_index("ix_tagging_article_id", "tagging", ["article_id"], unique=False)
    op.create_index("ix_tagging_state", "tagging", ["review_id", "article_id", "member_id", "id"], unique=False)
    op.create_table(
        "topic_article",
        sa.Column("topic_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("first_run_id", sa.Integer(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["article.id"], name="fk_topic_article_article_id_article", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["first_run_id"], ["harvest_run.id"], name="fk_topic_article_first_run_id_harvest_run"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_article_topic_id_topic"),
        sa.PrimaryKeyConstraint("topic_id", "article_id", name="pk_topic_article"),
    )
    op.create_index("ix_topic_article_article_id", "topic_article", ["article_id"], unique=False)
    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("rewording", sa.Text(), nullable=True),
        sa.Column("against", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["member.id"], name="fk_wording_author_id_member"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_wording_claim_id_claim"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["member.id"], name="fk_wording_withdrawn_by_member"),
        sa.PrimaryKeyConstraint("id", name="pk_wording"),
    )
    op.create_index("ix_wording_claim_id", "wording", ["claim_id"], unique=False)
    op.create_table(
        "adjudication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.String(), nullable=True),
        sa.Column("stage", sa.String(32), nullable=True),
        sa.Column("field", sa.String(), nullable=True),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.Column("settles", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_adjudication_claim_id_claim"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_adjudication_member_id_member"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_adjudication_record_id_record"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_adjudication_review_id_review"),
        sa.PrimaryKeyConstraint("id", name="pk_adjudication"),
    )
    op.create_index("ix_adjudication_claim_id", "adjudication", ["claim_id"], unique=False)
    op.create_index("ix_adjudication_record_id", "adjudication", ["record_id"], unique=False)
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("claim_id", sa.String(), nullable=True),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_alert_article_id_article"),
        sa.ForeignKeyConstraint(["change_id"], ["change_log.id"], name="fk_alert_change_id_change_log"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_alert_claim_id_claim"),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_alert_document_id_document"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_alert_member_id_member"),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_alert_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.UniqueConstraint("key", name="uq_alert_key"),
    )
    op.create_index("ix_alert_article_id", "alert", ["article_id"], unique=False)
    op.create_index("ix_alert_claim_id", "alert", ["claim_id"], unique=False)
    op.create_index("ix_alert_document_id", "alert", ["document_id"], unique=False)
    op.create_index("ix_alert_member_id", "alert", ["member_id"], unique=False)
    op.create_table(
        "document_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("engine_version", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["checked_by"], ["member.id"], name="fk_document_check_checked_by_member"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name="fk_document_check_version_id_document_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_document_check"),
    )
    op.create_index("ix_document_check_version_id", "document_check", ["version_id"], unique=False)
    op.create_table(
        "quote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("attachment_id", sa.Integer(), nullable=True),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("exact", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_quote_article_id_article"),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachment.id"], name="fk_quote_attachment_id_attachment"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name="fk_quote_label_id_label"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_quote_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_quote"),
    )
    op.create_index("ix_quote_article_id", "quote", ["article_id"], unique=False)
    op.create_table(
        "screening_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(32), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(32), nullable=False),
        sa.Column("exclusion_reason", sa.String(), nullable=True),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("criteria_version", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_screening_decision_member_id_member"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_screening_decision_record_id_record"),
        sa.PrimaryKeyConstraint("id", name="pk_screening_decision"),
    )
    op.create_index("ix_screening_decision_member_id", "screening_decision", ["member_id"], unique=False)
    op.create_index(
        "ix_screening_decision_state", "screening_decision", ["record_id", "stage", "member_id", "id"], unique=False
    )
    op.create_table(
        "sentence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name="fk_sentence_version_id_document_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sentence"),
        sa.UniqueConstraint("version_id", "position", name="uq_sentence_version_id_position"),
    )
    op.create_index("ix_sentence_text_hash", "sentence", ["text_hash"], unique=False)
    op.create_table(
        "sign_off",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("version_hash", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_sign_off_member_id_member"),
        sa.ForeignKeyConstraint(
            ["version_id"], ["document_version.id"], name="fk_sign_off_version_id_document_version"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sign_off"),
    )
    op.create_index("ix_sign_off_version_id", "sign_off", ["version_id"], unique=False)
    op.create_table(
        "alert_resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_resolution_alert_id_alert"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_alert_resolution_member_id_member"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_resolution"),
    )
    op.create_index("ix_alert_resolution_alert_id", "alert_resolution", ["alert_id"], unique=False)
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=True),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_comment_document_id_document"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_comment_member_id_member"),
        sa.ForeignKeyConstraint(["reply_to"], ["comment.id"], name="fk_comment_reply_to_comment"),
        sa.ForeignKeyConstraint(["resolved_by"], ["member.id"], name="fk_comment_resolved_by_member"),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name="fk_comment_sentence_id_sentence"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_document_id", "comment", ["document_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("instrument", sa.String(), nullable=True),
        sa.Column("time_point", sa.String(), nullable=True),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("estimate", sa.Float(), nullable=True),
        sa.Column("interval_low", sa.Float(), nullable=True),
        sa.Column("interval_high", sa.Float(), nullable=True),
        sa.Column("p_value", sa.String(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=True),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_finding_article_id_article"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_finding_member_id_member"),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name="fk_finding_quote_id_quote"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_finding_review_id_review"),
        sa.ForeignKeyConstraint(["supersedes_id"], ["finding.id"], name="fk_finding_supersedes_id_finding"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["member.id"], name="fk_finding_withdrawn_by_member"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_article_id", "finding", ["article_id"], unique=False)
    op.create_index("ix_finding_quote_id", "finding", ["quote_id"], unique=False)
    op.create_table(
        "quote_anchor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("section", sa.Integer(), nullable=True),
        sa.Column("section_label", sa.String(), nullable=True),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name="fk_quote_anchor_quote_id_quote"),
        sa.ForeignKeyConstraint(["run_id"], ["harvest_run.id"], name="fk_quote_anchor_run_id_harvest_run"),
        sa.PrimaryKeyConstraint("id", name="pk_quote_anchor"),
    )
    op.create_index("ix_quote_anchor_state", "quote_anchor", ["quote_id", "id"], unique=False)
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["check_id"], ["document_check.id"], name="fk_report_check_id_document_check"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_report_member_id_member"),
        sa.ForeignKeyConstraint(["sha256"], ["stored_file.sha256"], name="fk_report_sha256_stored_file"),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
    )
    op.create_index("ix_report_check_id", "report", ["check_id"], unique=False)
    op.create_table(
        "sentence_evidence",
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("check_id", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_sentence_evidence_article_id_article"),
        sa.ForeignKeyConstraint(
            ["check_id"], ["document_check.id"], name="fk_sentence_evidence_check_id_document_check"
        ),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name="fk_sentence_evidence_sentence_id_sentence"),
        sa.PrimaryKeyConstraint("sentence_id", "article_id", "check_id", name="pk_sentence_evidence"),
    )
    op.create_index("ix_sentence_evidence_article_id", "sentence_evidence", ["article_id"], unique=False)
    op.create_table(
        "sentence_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sentence_id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("match", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_sentence_link_claim_id_claim"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_sentence_link_member_id_member"),
        sa.ForeignKeyConstraint(["sentence_id"], ["sentence.id"], name="fk_sentence_link_sentence_id_sentence"),
        sa.PrimaryKeyConstraint("id", name="pk_sentence_link"),
    )
    op.create_index("ix_sentence_link_claim_id", "sentence_link", ["claim_id"], unique=False)
    op.create_index("ix_sentence_link_sentence_id", "sentence_link", ["sentence_id"], unique=False)
    op.create_table(
        "claim_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=True),
        sa.Column("pmid", sa.Integer(), nullable=True),
        sa.Column("label_id", sa.Integer(), nullable=True),
        sa.Column("label_section", sa.String(), nullable=True),
        sa.Column("regulatory_notice_id", sa.Integer(), nullable=True),
        sa.Column("stance", sa.String(32), nullable=False),
        sa.Column("quote_id", sa.Integer(), nullable=True),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(CASE WHEN article_id IS NOT NULL OR pmid IS NOT NULL THEN 1 ELSE 0 END) + (CASE WHEN label_id IS NOT NULL THEN 1 ELSE 0 END) + (CASE WHEN regulatory_notice_id IS NOT NULL THEN 1 ELSE 0 END) = 1",
            name="ck_claim_evidence_one_source",
        ),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_claim_evidence_article_id_article"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name="fk_claim_evidence_claim_id_claim"),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name="fk_claim_evidence_finding_id_finding"),
        sa.ForeignKeyConstraint(["label_id"], ["label.id"], name="fk_claim_evidence_label_id_label"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_claim_evidence_member_id_member"),
        sa.ForeignKeyConstraint(["quote_id"], ["quote.id"], name="fk_claim_evidence_quote_id_quote"),
        sa.ForeignKeyConstraint(
            ["regulatory_notice_id"],
            ["regulatory_notice.id"],
            name="fk_claim_evidence_regulatory_notice_id_regulatory_notice",
        ),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["member.id"], name="fk_claim_evidence_withdrawn_by_member"),
        sa.PrimaryKeyConstraint("id", name="pk_claim_evidence"),
    )
    op.create_index("ix_claim_evidence_article_id", "claim_evidence", ["article_id"], unique=False)
    op.create_index("ix_claim_evidence_claim_id", "claim_evidence", ["claim_id"], unique=False)
    op.create_index("ix_claim_evidence_pmid", "claim_evidence", ["pmid"], unique=False)
    op.create_index("ix_claim_evidence_quote_id", "claim_evidence", ["quote_id"], unique=False)
    op.create_table(
        "risk_of_bias",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("judgement", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("supersedes_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name="fk_risk_of_bias_article_id_article"),
        sa.ForeignKeyConstraint(["finding_id"], ["finding.id"], name="fk_risk_of_bias_finding_id_finding"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_risk_of_bias_member_id_member"),
        sa.ForeignKeyConstraint(["review_id"], ["review.id"], name="fk_risk_of_bias_review_id_review"),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["risk_of_bias.id"], name="fk_risk_of_bias_supersedes_id_risk_of_bias"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_risk_of_bias"),
    )
    op.create_index("ix_risk_of_bias_article_id", "risk_of_bias", ["article_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
