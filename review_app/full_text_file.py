"""A full text as it was attached, for members to keep or to open in their own viewer; never as a page of ours."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from db.engine import reading
from db.queries.full_texts import stored_file
from review_app.database import engine
from review_app.web_forms import HEADERS


async def full_text_file(request: Request) -> Response:
    """GET /full-text/{attachment}; the gate has asked who is there. Bytes of no type, to be saved, never run."""
    found = await run_in_threadpool(_file, request.path_params["attachment"])
    if found is None:
        return PlainTextResponse("There is no such full text, or it was removed.", 404, headers=HEADERS)
    name, body = found
    as_saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(body, media_type="application/octet-stream", headers={**HEADERS, **as_saved})


def _file(attachment_id: int) -> tuple[str, bytes] | None:
    with reading(engine()) as session:
        found = stored_file(session, attachment_id=attachment_id)
        return (found[0].name, found[1].body) if found else None


ROUTES = [Route("/full-text/{attachment:int}", full_text_file)]
