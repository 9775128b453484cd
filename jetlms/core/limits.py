"""How often one address may do something costly. Counters live in memory, or in Redis for several machines; accounts have their own."""
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=False, strategy="moving-window")
