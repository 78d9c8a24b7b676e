"""Links that sign in to a demo's dashboard, printed on the screen."""

from datetime import timedelta

from commands.demo.merchants import CHAI, KAVERI
from commands.demo.parts import Parts
from contracts.access.callers import COMMAND_LINE
from contracts.access.users import Invite, PortalLinkRequest, Role
from contracts.clock import utc_now
from store.access.invitations import invite
from store.access.sign_in_links import portal_link

_VALID_FOR = timedelta(hours=12)
_OPS = Invite(email="ops@demo.example", name="Demo operations", role=Role.OPS)


async def show_sign_in_links(parts: Parts) -> None:
    """Print a link for each kind of person. Each works once; a demo keeps nothing that is real."""
    say, origin = parts.screen.say, f"{parts.system.api_url}/dashboard"
    say("  the dashboard; each link signs in once:")
    for partner in (CHAI, KAVERI):
        token, _ = await parts.database.write(
            portal_link,
            partner.id,
            PortalLinkRequest(name="demo visitor", role=Role.OWNER),
            utc_now(),
            actor=COMMAND_LINE,
            valid_for=_VALID_FOR,
        )
        say(f"    as the owner of {partner.name}: {origin}/portal/{token}")
    _, token = await parts.database.write(invite, _OPS, utc_now(), actor=COMMAND_LINE)
    say(f"    as ops, with a password of your own: {origin}/invitations/{token}")
