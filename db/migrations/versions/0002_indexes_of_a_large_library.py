"""Indexes for what every check and every night asks of a large library: who is gone, who is due."""

import sqlalchemy as sa
from alembic import op

revision = "0002_indexes_of_a_large_library"
down_revision = "0001_first_library"
branch_labels = None
depends_on = None


def upgrade() -> None:
    gone = sa.text("tombstoned_at IS NOT NULL OR merged_into_id IS NOT NULL")
    op.create_index("ix_article_gone", "article", ["merged_into_id"], sqlite_where=gone, postgresql_where=gone)
    op.create_index("ix_topic_article_topic_id_last_fetched_at", "topic_article", ["topic_id", "last_fetched_at"])


def downgrade() -> None:
    raise NotImplementedError("restore the backup that was made before the upgrade")
