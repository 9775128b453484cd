"""Build the application: machinery first, then the features in the order of the table of contents."""
import gc
import os
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, g, has_request_context, request, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined

from jetlms import config
from jetlms.core import assets, clock, frame, guard, i18n, idempotency, policy, templating
from jetlms.core.db import App, db
from jetlms.core.feature import Feature, Link
from jetlms.core.limits import limiter
from jetlms.learning.feature import FEATURE as learning
from jetlms.people.feature import FEATURE as people
from jetlms.people.sessions import login_manager
from jetlms.shell.feature import FEATURE as shell

HERE = Path(__file__).resolve().parent
STATIC = HERE / "ui" / "static"
FEATURES: tuple[Feature, ...] = (shell, learning, people)
csrf = CSRFProtect()


def create_app(instance: Path | None = None, **override: Any) -> App:
    """Return the application for the installation in `instance`. Raises config.BadSettings, RuntimeError."""
    app = App("jetlms", static_folder=None, root_path=str(HERE))
    app.config.update(config.load(instance, **override))
    if app.config["PROXIES"]:
        from werkzeug.middleware.proxy_fix import ProxyFix

        n = app.config["PROXIES"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    _loader(app)                       # before anything asks for the Jinja environment
    frame.frame(app)
    db.init_app(app)
    csrf.init_app(app)
    login_manager.init_app(app)
    limiter.init_app(app)
    _templates(app)
    for feature in FEATURES:
        app.register_blueprint(feature.blueprint)
        for command in feature.commands:
            app.cli.add_command(command)
    _static(app)
    guard.assert_guarded(app)
    return app


def create_served_app() -> App:
    """Return the application as a server runs it: with its ticking thread when jobs are embedded."""
    app = create_app()
    gc.collect()
    gc.freeze()                        # what is loaded now stays: the collector need not walk it again
    gc.enable()
    if app.config["WORKER"] == "embedded":
        from jetlms.core import jobs

        jobs.start_ticking(app)
    return app


def _loader(app: Flask) -> None:
    """Look for templates in the installation, then in the features under their name, then in ui."""
    app.jinja_environment = templating.Environment
    override = Path(app.config["INSTANCE"]) / "templates"
    app.jinja_options = {"extensions": ["jinja2.ext.i18n"], "loader": ChoiceLoader([
        FileSystemLoader(override),
        PrefixLoader({f.name: FileSystemLoader(HERE / f.name / "templates") for f in FEATURES}),
        FileSystemLoader(HERE / "ui" / "templates"),
    ]), "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}


def _templates(app: Flask) -> None:
    app.jinja_env.install_gettext_callables(i18n.raw, i18n.raw_plural, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(day=i18n.day, moment=_moment, pick=i18n.pick)
    for feature in FEATURES:
        app.jinja_env.filters.update(feature.filters)
    app.jinja_env.globals.update(asset=_asset, form_key=idempotency.form_key, lang_url=_lang_url, can=_can, lang_now=i18n.lang, clock_now=clock.now)

    @app.before_request
    def _language() -> None:
        i18n.speak("")
        i18n.speak(i18n.select_locale())

    @app.teardown_request
    def _silence(_error: Any) -> None:
        i18n.speak("")

    @app.after_request
    def _remember(response: Any) -> Any:
        chosen = g.get("language_chosen") or request.args.get("lang")
        if chosen in i18n.LANGUAGES:
            response.set_cookie("lang", chosen, max_age=31536000, samesite="Lax", httponly=True,
                                secure=app.config["SESSION_COOKIE_SECURE"])
        return response

    @app.context_processor
    def _globals() -> dict[str, Any]:
        user = _reader()
        return {"lang": i18n.lang(), "user": user if getattr(user, "is_authenticated", False) else None, "nav": _nav,
                "demo": app.config["DEMO"], "now": clock.now(), "place": ""}


def _reader() -> Any:
    """Return the person herself and not the way to her, for those who ask her a lot; None when nobody reads (mail)."""
    return current_user._get_current_object() if has_request_context() else None  # noqa: SLF001


def _nav() -> list[dict[str, Any]]:
    """Return the entries of the navigation this person may use; the present one is where the path begins."""
    user = _reader()
    return [{"label": link.label, "url": url, "current": f"{request.path}/".startswith(f"{url}/")}
            for link, url in _links() if link.needs == "signed-in" or policy.can(user, link.needs)]


@cache
def _links() -> list[tuple[Link, str]]:
    """Return the entries of all features in their order, with their addresses."""
    links = sorted((link for f in FEATURES for link in f.nav), key=lambda link: link.order)
    return [(link, url_for(link.endpoint)) for link in links]


def _can(action: str, thing: Any = None) -> bool:
    return policy.can(current_user, action, thing)


def _moment(value: Any) -> str:
    return i18n.moment(value, getattr(current_user, "zone", "") or "Asia/Tokyo")


def _lang_url(code: str) -> str:
    """Return this page in the other language."""
    args = request.args.to_dict(flat=True) | {"lang": code}
    from urllib.parse import urlencode

    return f"{request.path}?{urlencode(args)}"


def _asset(name: str) -> str:
    """Return the URL of a file in ui/static under the digest of all of them: cached for ever, and modules may import each other."""
    return f"/static/{assets.tree_digest(STATIC)}/{name}"


def _static(app: Flask) -> None:
    """Serve ui/static by WhiteNoise with immutable headers; the route exists for url_for and the list of routes."""
    from whitenoise import WhiteNoise

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=guard.public(lambda filename: (filename, 404)))
    packed = assets.packed(STATIC, Path(app.config["INSTANCE"]))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=str(packed if packed.exists() else STATIC), prefix=f"static/{assets.tree_digest(STATIC)}/", max_age=31536000,
        autorefresh=bool(os.environ.get("JETLMS_DEV")), immutable_file_test=lambda _path, _url: True)
