"""What learning tells people, in words. Declared here once, sent by services and jobs."""
from datetime import date
from typing import Any

from jetlms.core import i18n, notices
from jetlms.core.i18n import _
from jetlms.learning import words


def _dates(params: dict[str, Any], _to: notices.Address) -> dict[str, Any]:
    """Turn dates into words of the reader's language."""
    return {key: i18n.day(date.fromisoformat(value)) if key.endswith("_on") and value else value for key, value in params.items()}


def _declined(params: dict[str, Any], _to: notices.Address) -> dict[str, Any]:
    """Say why, in the reader's language."""
    return params | {"reason": words.declined(params["reason"])}


notices.kind(
    "learning.enrolled", _("You are enrolled in %(course)s"),
    _("A course is ready for you: %(course)s. Lessons take five to ten minutes each, and you can stop after any of them."),
    endpoint="learning.course", action=_("Open the course"), params=_dates)
notices.kind(
    "learning.withdrawn", _("You are no longer enrolled in %(course)s"),
    _("CLAIR has ended your enrolment. Reason: %(reason)s — What you have done is kept, and you can still read the course."),
    endpoint="learning.course", action=_("Open the course"))
notices.kind(
    "learning.idle", _("%(course)s is waiting where you left it"),
    _("You were last here on %(last_on)s. Your answers are kept. The next lesson takes about %(minutes)s minutes."),
    endpoint="learning.course", action=_("Continue"), params=_dates)
notices.kind(
    "learning.ends", _("%(course)s closes in %(days)s days"),
    _("Until %(closes_on)s you can answer and hand in; after that you can still read everything. %(left)s items are left."),
    endpoint="learning.course", action=_("Continue"), params=_dates)
notices.kind(
    "learning.reminder", _("%(sender)s sends you a kind reminder: %(course)s"),
    _("%(sender)s (%(organisation)s) would be glad if you could go on with %(course)s. If something stands in the way, please tell them."),
    endpoint="learning.course", action=_("Continue"))
notices.kind(
    "learning.awarded", _("Your certificate is ready: %(course)s"),
    _("You have completed %(course)s. Your certificate can be printed, and anybody you show it to can check it."),
    endpoint="learning.certificate", action=_("See the certificate"))
notices.kind(
    "learning.award_revoked", _("A certificate has been revoked: %(course)s"), _("Reason: %(reason)s"),
    endpoint="learning.certificate", action=_("See the certificate"))
notices.kind(
    "learning.marked", _("Your work has been marked: %(course)s"),
    _("A tutor has returned what you handed in: %(score)s of 100 points. Levels and comments are on its page."),
    endpoint="learning.item", action=_("Read the comments"))
notices.kind(
    "learning.overdue", _("Waiting longer than promised: %(count)s to mark"),
    _("In the courses you mark, %(count)s tests or assignments wait longer than promised; the oldest was due on %(due_on)s."),
    endpoint="learning.marking", action=_("Open the queue"), params=_dates)
notices.kind(
    "learning.override", _("A result was set by hand: %(course)s"),
    _("%(item)s: %(score)s. Reason: %(reason)s"), endpoint="learning.item", action=_("Open the page"))
notices.kind(
    "learning.answered", _("%(who)s has answered your question: %(title)s"),
    _("In %(course)s somebody has answered. If it solves your question, please mark the answer, so that others find it."),
    endpoint="learning.question", action=_("Read the answer"))
notices.kind(
    "learning.post_hidden", _("CLAIR has hidden what you wrote: %(title)s"),
    _("Reason: %(reason)s — Others no longer see it. If you think this is a mistake, please write to CLAIR."),
    endpoint="learning.question", action=_("See the place"))
notices.kind(
    "learning.wording_taken", _("Your answer will be accepted: %(answer)s"),
    _("Thank you. In the next release of %(course)s this answer is right. What you have answered so far is not marked anew."),
    endpoint="learning.item", action=_("Open the lesson"))
notices.kind(
    "learning.wording_refused", _("About your answer: %(answer)s"), _("In %(course)s this answer stays as it is, because: %(reason)s"),
    endpoint="learning.item", action=_("Open the lesson"))
notices.kind(
    "learning.regraded", _("Your result is higher: %(course)s"),
    _("An answer key was mended, so your result has gone from %(before)s %% to %(after)s %%. Reason: %(reason)s"),
    endpoint="learning.attempt", action=_("See the result"))
notices.kind(
    "learning.regrade_offer", _("A result could change, if you agree: %(course)s"),
    _("An answer key was mended. By it your result would be %(after)s %% instead of %(before)s %%. It stays as it is unless you agree. "
      "Reason: %(reason)s"),
    endpoint="learning.regrade", action=_("Decide"))
notices.kind(
    "learning.application_sent", _("Your application has been sent: %(course)s"),
    _("Its number is %(number)s. Your organisation decides by %(approve_on)s; after that the level check is open to you."),
    endpoint="learning.apply", action=_("See the application"), params=_dates)
notices.kind(
    "learning.application_waits", _("Please decide: %(who)s applies for %(course)s"),
    _("Application %(number)s needs the approval of your organisation by %(approve_on)s. It takes two minutes."),
    endpoint="learning.decide", action=_("Read and decide"), params=_dates)
notices.kind(
    "learning.application_reminder", _("Still to decide by %(approve_on)s: an application for %(course)s"),
    _("Application %(number)s waits for your organisation. In %(days)s days it is declined by itself."),
    endpoint="learning.decide", action=_("Read and decide"), params=_dates)
notices.kind(
    "learning.application_undecided", _("Your organisation has not decided yet: %(course)s"),
    _("It can decide until %(approve_on)s. Perhaps a word to your supervisor helps. The supervisor has been reminded, too."),
    endpoint="learning.apply", action=_("See the application"), params=_dates)
notices.kind(
    "learning.application_approved", _("Your organisation has approved: %(course)s"),
    _("The level check can be taken from %(check_from_on)s to %(check_until_on)s (days in Japan). Once begun, it runs without a pause."),
    endpoint="learning.apply", action=_("To the level check"), params=_dates)
notices.kind(
    "learning.application_refused", _("Your organisation has not approved: %(course)s"), _("Reason: %(reason)s"),
    endpoint="learning.apply", action=_("See the application"))
notices.kind(
    "learning.application_admitted", _("You have a place: %(course)s"),
    _("The course begins on %(starts_on)s. CLAIR enrols you; you need not do anything."),
    endpoint="learning.apply", action=_("See the application"), params=_dates)
notices.kind(
    "learning.application_waitlisted", _("You are on the waiting list: %(course)s"),
    _("You are number %(place)s. When a place becomes free, you are told at once."),
    endpoint="learning.apply", action=_("See the application"))
notices.kind(
    "learning.application_declined", _("No place this time: %(course)s"),
    _("%(reason)s You can read the course all the same, and apply again in the next round."),
    endpoint="learning.apply", action=_("See the application"), params=_declined)
notices.kind(
    "learning.seat_given", _("You have a seat at the schooling: %(course)s"),
    _("Your organisation bears the cost of the journey. Time and place follow."), endpoint="learning.apply", action=_("See the application"))
notices.kind(
    "learning.seat_not_given", _("No seat at the schooling this time: %(course)s"),
    _("There were more wishes than seats. Your place in the course is not affected."), endpoint="learning.apply", action=_("See the application"))
