"""What a feature tells the rest of the system about itself. Data only: the machinery asks, the feature never calls out."""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint


@dataclass(frozen=True)
class Link:
    """One entry of the navigation, shown to those who may use it."""

    label: Any
    endpoint: str
    needs: str                                   # an action of the policy
    order: int = 50


@dataclass(frozen=True)
class Feature:
    """One feature folder. `cards(user)` are the lines it puts on the home page; `keeps` says how long personal data stays."""

    name: str
    blueprint: Blueprint
    nav: tuple[Link, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Any, ...] = ()
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
