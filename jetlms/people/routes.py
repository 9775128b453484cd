"""Sign-in and the pages about oneself."""
from flask import Blueprint

bp = Blueprint("people", __name__)
