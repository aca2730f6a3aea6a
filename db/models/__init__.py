"""Every table, imported together so that foreign keys resolve wherever one model is used."""

from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

from db.models.accounts import *  # noqa: E402, F403
from db.models.claims import *  # noqa: E402, F403
from db.models.documents import *  # noqa: E402, F403
from db.models.harvesting import *  # noqa: E402, F403
from db.models.literature import *  # noqa: E402, F403
from db.models.review import *  # noqa: E402, F403
