"""The settings of one installation: instance/config.toml, then the environment, checked at start with plain messages."""
import os
import secrets
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# name → (type, default, what it is)
SETTINGS: dict[str, tuple[type, Any, str]] = {
    "DATABASE_URL": (str, "", "sqlite:///… or postgresql://…; empty: jetlms.db in the instance folder"),
    "REDIS_URL": (str, "", "redis://… for limits shared by several machines; empty: in memory"),
    "SECRET_KEY": (str, "", "at least 32 characters; empty: made at the first start and kept in keys/"),
    "BASE_URL": (str, "http://127.0.0.1:8000", "how people reach this site; links in mail begin with it"),
    "TRUSTED_HOSTS": (list, [], "host names that are answered; empty: that of BASE_URL, localhost and 127.0.0.1"),
    "PROXIES": (int, 0, "how many proxies stand in front and set X-Forwarded-For"),
    "DEMO": (bool, False, "demo accounts may sign in, second factors are not asked for"),
    "WORKER": (str, "embedded", "embedded: jobs run in the web processes; separate: only in ./jet worker"),
    "FILES_URL": (str, "", "s3://bucket/… for uploads; empty: files/ in the instance folder"),
    "SMTP_HOST": (str, "", "empty: mail is written to mail/ in the instance folder"),
    "SMTP_PORT": (int, 587, ""),
    "SMTP_TLS": (bool, True, "STARTTLS with a verified certificate"),
    "SMTP_USER": (str, "", ""),
    "SMTP_PASSWORD": (str, "", ""),
    "MAIL_FROM": (str, "no-reply@jetlms.example", ""),
    "TEST_LIMITS": (bool, True, "limit how often a form may be sent from one address"),
}


class BadSettings(SystemExit):
    """The settings cannot be used; the message says which and why."""


def load(instance: Path | None = None, **override: Any) -> dict[str, Any]:
    """Return Flask's configuration for the installation in `instance`. Raises BadSettings."""
    folder = (instance or Path(os.environ.get("JETLMS_INSTANCE", ROOT / "instance"))).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    given = _file(folder / "config.toml") | _environment() | override
    problems = [f"unknown setting {name}" for name in given if name not in SETTINGS and name not in override]
    values = {name: _typed(name, given.get(name, default), problems) for name, (_t, default, _w) in SETTINGS.items()}
    if values["WORKER"] not in {"embedded", "separate"}:
        problems.append("WORKER must be embedded or separate")
    if values["DATABASE_URL"] and not values["DATABASE_URL"].startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        problems.append("DATABASE_URL must begin with sqlite:/// or postgresql://")
    if values["SECRET_KEY"] and len(values["SECRET_KEY"]) < 32:  # noqa: PLR2004
        problems.append("SECRET_KEY must have at least 32 characters")
    if not values["BASE_URL"].startswith(("http://", "https://")):
        problems.append("BASE_URL must begin with http:// or https://")
    if problems:
        raise BadSettings("jetlms cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
    return _flask(folder, values) | {k: v for k, v in override.items() if k not in SETTINGS}


def _file(path: Path) -> dict[str, Any]:
    try:
        return {name.upper(): value for name, value in tomllib.loads(path.read_text("utf-8")).items()}
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"jetlms cannot start: {path.name}: {error}") from error


def _environment() -> dict[str, Any]:
    return {name: os.environ[f"JETLMS_{name}"] for name in SETTINGS if f"JETLMS_{name}" in os.environ}


def _typed(name: str, value: Any, problems: list[str]) -> Any:
    kind = SETTINGS[name][0]
    if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
        return value
    if isinstance(value, str):
        if kind is bool and value.lower() in {"1", "true", "yes", "on", "0", "false", "no", "off", ""}:
            return value.lower() in {"1", "true", "yes", "on"}
        if kind is int and value.isdigit():
            return int(value)
        if kind is list:
            return [part.strip() for part in value.split(",") if part.strip()]
    problems.append(f"{name} must be a {kind.__name__}, not {value!r}")
    return SETTINGS[name][1]


def _flask(folder: Path, values: dict[str, Any]) -> dict[str, Any]:
    keys = folder / "keys"
    host = values["BASE_URL"].split("//", 1)[1].split("/")[0].split(":")[0]
    database = values["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    https = values["BASE_URL"].startswith("https://")
    database = database or f"sqlite:///{folder / 'jetlms.db'}"
    pool: dict[str, Any] = {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8, "pool_timeout": 10}
    if database.startswith("sqlite"):
        pool = {"connect_args": {"timeout": 5, "check_same_thread": False}}
    else:
        # A statement that comes again is prepared and planned once: planning a monitor anew takes longer than running it.
        pool["connect_args"] = {"options": "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000 "
                                           "-c plan_cache_mode=force_generic_plan -c jit=off", "connect_timeout": 5}
    return values | {
        "INSTANCE": str(folder), "KEYS_DIR": str(keys), "FILES_DIR": str(folder / "files"), "MAIL_DIR": str(folder / "mail"),
        "SECRET_KEY": values["SECRET_KEY"] or _kept_secret(keys / "secret.key"),
        "SQLALCHEMY_DATABASE_URI": database, "SQLALCHEMY_ENGINE_OPTIONS": pool,
        "TRUSTED_HOSTS": values["TRUSTED_HOSTS"] or sorted({host, "localhost", "127.0.0.1"}),
        "SESSION_COOKIE_NAME": "__Host-jetlms" if https else "jetlms", "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True, "SESSION_COOKIE_SAMESITE": "Lax", "SESSION_REFRESH_EACH_REQUEST": False,
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        "MAX_CONTENT_LENGTH": 32 * 1024 * 1024, "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024, "MAX_FORM_PARTS": 3000,
        "WTF_CSRF_TIME_LIMIT": None, "WTF_CSRF_SSL_STRICT": False,
        "RATELIMIT_STORAGE_URI": values["REDIS_URL"] or "memory://", "RATELIMIT_ENABLED": values["TEST_LIMITS"],
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True, "RATELIMIT_SWALLOW_ERRORS": True,
        "TEMPLATES_AUTO_RELOAD": False, "JSON_AS_ASCII": False,
    }


def _kept_secret(path: Path) -> str:
    """Read the secret of this installation; the first process to start makes it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="ascii") as out:
            out.write(secrets.token_urlsafe(48))
        path.chmod(0o600)
    except FileExistsError:
        pass
    for _try in range(50):
        if text := path.read_text("ascii").strip():
            return text
    print(f"jetlms cannot start: {path.name} is empty", file=sys.stderr)  # noqa: T201
    raise BadSettings(1)
