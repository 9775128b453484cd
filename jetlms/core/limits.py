"""How often one address may do something costly. Counters live in memory, or in Redis for several machines; accounts have their own."""
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from jetlms.core import clock

limiter = Limiter(get_remote_address, headers_enabled=False, strategy="moving-window")


def retry_after() -> int:
    """Return in how many seconds the limit that was just hit opens again."""
    hit = limiter.current_limit
    return max(1, hit.reset_at - int(clock.now().timestamp())) if hit else 60
