"""Which right each page asks for. A page that is not in the table is refused to everybody.

A test compares the table with the application's URL map, both ways.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from feedback_app.foundation.rules import Permission

PUBLIC = Permission.PUBLIC
NOBODY = Permission.NOBODY

#: endpoint -> the right it asks for.
POLICY: dict[str, Permission] = {
    "static": PUBLIC,
    "bootstrap.static": PUBLIC,
    "health": PUBLIC,
    # staff: signing in and the first visit
    "security.login": PUBLIC,
    "security.logout": PUBLIC,
    "security.two_factor_token_validation": PUBLIC,
    "security.mf_recovery": PUBLIC,
    "staff.choose_language": PUBLIC,
    "staff.welcome": PUBLIC,
    "staff.welcome_demo": PUBLIC,
    "staff.welcome_company": PUBLIC,
    # staff: pages of the library that ours replace
    "security.two_factor_setup": NOBODY,
    "security.two_factor_setup_validate": NOBODY,
    "security.two_factor_rescue": NOBODY,
    "security.tf_select": NOBODY,
    "security.mf_recovery_codes": NOBODY,
    # staff: everybody who is signed in
    "staff.home": Permission.READ_HOME,
    "staff.profile": Permission.READ_HOME,
    "staff.change_password": Permission.READ_HOME,
    "staff.second_factor": Permission.READ_HOME,
    "staff.connect_app": Permission.READ_HOME,
    "staff.confirm_app": Permission.READ_HOME,
    "staff.second_factor_off": Permission.READ_HOME,
    # staff accounts and the audit log
    "staff.index": Permission.MANAGE_STAFF,
    "staff.add": Permission.MANAGE_STAFF,
    "staff.edit": Permission.MANAGE_STAFF,
    "staff.deactivate": Permission.MANAGE_STAFF,
    "staff.activate": Permission.MANAGE_STAFF,
    "staff.reset_password": Permission.MANAGE_STAFF,
    "staff.audit": Permission.READ_AUDIT,
    # surveys
    "surveys.index": Permission.EDIT_SURVEYS,
    "surveys.new": Permission.EDIT_SURVEYS,
    "surveys.create": Permission.EDIT_SURVEYS,
    "surveys.show": Permission.EDIT_SURVEYS,
    "surveys.open_survey": Permission.EDIT_SURVEYS,
    "surveys.ask_close": Permission.EDIT_SURVEYS,
    "surveys.close": Permission.EDIT_SURVEYS,
    "surveys.edit": Permission.EDIT_SURVEYS,
    "surveys.begin": Permission.EDIT_SURVEYS,
    "surveys.discard": Permission.EDIT_SURVEYS,
    "surveys.add": Permission.EDIT_SURVEYS,
    "surveys.order": Permission.EDIT_SURVEYS,
    "surveys.copy": Permission.EDIT_SURVEYS,
    "surveys.remove": Permission.EDIT_SURVEYS,
    "surveys.texts": Permission.EDIT_SURVEYS,
    "surveys.write_texts": Permission.EDIT_SURVEYS,
    "surveys.question": Permission.EDIT_SURVEYS,
    "surveys.write_question": Permission.EDIT_SURVEYS,
    "surveys.ask_publish": Permission.EDIT_SURVEYS,
    "surveys.publish": Permission.EDIT_SURVEYS,
    "surveys.export": Permission.EDIT_SURVEYS,
    "surveys.choose_import": Permission.EDIT_SURVEYS,
    "surveys.import_survey": Permission.EDIT_SURVEYS,
    "surveys.schema": PUBLIC,
    "preview.page": Permission.EDIT_SURVEYS,
    "preview.typed": Permission.EDIT_SURVEYS,
    "surveys.competitors": Permission.EDIT_SURVEYS,
    "surveys.add_competitor": Permission.EDIT_SURVEYS,
    "surveys.retire_competitor": Permission.EDIT_SURVEYS,
    # channels
    "channels.show": Permission.EDIT_SURVEYS,
    "channels.poster": Permission.EDIT_SURVEYS,
    "channels.code": Permission.EDIT_SURVEYS,
    "channels.set_up_kiosk": Permission.EDIT_SURVEYS,
    "channels.ask_pin": Permission.EDIT_SURVEYS,
    "channels.change_pin": Permission.EDIT_SURVEYS,
    "channels.retire_kiosk": Permission.EDIT_SURVEYS,
    "channels.allow_embedding": Permission.EDIT_SURVEYS,
    "channels.renew_ticket_key": Permission.EDIT_SURVEYS,
    "doors.short": PUBLIC,
    "embed.script": PUBLIC,
    "embed.page": PUBLIC,
    "embed.submit": PUBLIC,
    "embed.thanks": PUBLIC,
    "embed.what_we_store": PUBLIC,
    # a kiosk's device; the PIN stands before what only an unlocked one may do
    "kiosk.page": PUBLIC,
    "kiosk.submit": PUBLIC,
    "kiosk.thanks": PUBLIC,
    "kiosk.what_we_store": PUBLIC,
    "kiosk.for_staff": PUBLIC,
    "kiosk.unlock": PUBLIC,
    "kiosk.lock": PUBLIC,
    "kiosk.deliver": PUBLIC,
    "kiosk.worker": PUBLIC,
    # respondents
    "answers.page": PUBLIC,
    "answers.submit": PUBLIC,
    "answers.thanks": PUBLIC,
    "answers.what_we_store": PUBLIC,
    "invitations.page": PUBLIC,
    "invitations.submit": PUBLIC,
    "invitations.thanks": PUBLIC,
    "invitations.what_we_store": PUBLIC,
    "invitations.ask_unsubscribe": PUBLIC,
    "invitations.unsubscribe": PUBLIC,
    # reports
    "reporting.index": Permission.READ_REPORTS,
    "reporting.causes": Permission.READ_REPORTS,
    "reporting.causes_csv": Permission.READ_REPORTS,
    "reporting.causes_json": Permission.READ_REPORTS,
    "reporting.chart": Permission.READ_REPORTS,
    "reporting.scores": Permission.READ_REPORTS,
    "reporting.scores_csv": Permission.READ_REPORTS,
    "reporting.scores_json": Permission.READ_REPORTS,
    "reporting.score_trend": Permission.READ_REPORTS,
    "reporting.comments": Permission.READ_REPORTS,
    "reporting.comments_index": Permission.READ_REPORTS,
    "reporting.questions": Permission.READ_REPORTS,
    "reporting.questions_csv": Permission.READ_REPORTS,
    "reporting.question_texts": Permission.READ_REPORTS,
    "reporting.own_words": Permission.READ_REPORTS,
    "reporting.own_words_csv": Permission.READ_REPORTS,
    "reporting.own_words_json": Permission.READ_REPORTS,
    "reporting.quotes": Permission.READ_REPORTS,
    # customers
    "customers.index": Permission.MANAGE_CUSTOMERS,
    "customers.show": Permission.MANAGE_CUSTOMERS,
    "customers.edit": Permission.MANAGE_CUSTOMERS,
    "customers.ask_erase": Permission.MANAGE_CUSTOMERS,
    "customers.erase": Permission.MANAGE_CUSTOMERS,
    "customers.choose_file": Permission.MANAGE_CUSTOMERS,
    "customers.upload": Permission.MANAGE_CUSTOMERS,
    "customers.map_columns": Permission.MANAGE_CUSTOMERS,
    "customers.look_through": Permission.MANAGE_CUSTOMERS,
    "customers.preview": Permission.MANAGE_CUSTOMERS,
    "customers.confirm": Permission.MANAGE_CUSTOMERS,
    "customers.rejected": Permission.MANAGE_CUSTOMERS,
    "customers.discard": Permission.MANAGE_CUSTOMERS,
    "customers.suppression": Permission.MANAGE_CUSTOMERS,
    "customers.suppress": Permission.MANAGE_CUSTOMERS,
    "customers.unsuppress": Permission.MANAGE_CUSTOMERS,
    "customers.export_suppressed": Permission.MANAGE_CUSTOMERS,
    "customers.import_suppressed": Permission.MANAGE_CUSTOMERS,
    # waves
    "waves.index": Permission.MANAGE_CUSTOMERS,
    "waves.new": Permission.MANAGE_CUSTOMERS,
    "waves.create": Permission.MANAGE_CUSTOMERS,
    "waves.split": Permission.MANAGE_CUSTOMERS,
    "waves.make_links": Permission.MANAGE_CUSTOMERS,
    "waves.recipients": Permission.MANAGE_CUSTOMERS,
    "waves.count": Permission.MANAGE_CUSTOMERS,
    "waves.segments": Permission.MANAGE_CUSTOMERS,
    "waves.texts": Permission.MANAGE_CUSTOMERS,
    "waves.write": Permission.MANAGE_CUSTOMERS,
    "waves.letter": Permission.MANAGE_CUSTOMERS,
    "waves.rhythm": Permission.MANAGE_CUSTOMERS,
    "waves.confirm": Permission.MANAGE_CUSTOMERS,
    "waves.start": Permission.MANAGE_CUSTOMERS,
    "waves.delete": Permission.MANAGE_CUSTOMERS,
    "waves.show": Permission.MANAGE_CUSTOMERS,
    "waves.pause": Permission.MANAGE_CUSTOMERS,
    "waves.resume": Permission.MANAGE_CUSTOMERS,
    "waves.ask_end": Permission.MANAGE_CUSTOMERS,
    "waves.end": Permission.MANAGE_CUSTOMERS,
    "waves.in_doubt": Permission.MANAGE_CUSTOMERS,
    "waves.send_again": Permission.MANAGE_CUSTOMERS,
    "waves.treat_as_sent": Permission.MANAGE_CUSTOMERS,
    # contact slips
    "contacts.ask": PUBLIC,
    "contacts.leave": PUBLIC,
    "contacts.left": PUBLIC,
    "invitations.contact": PUBLIC,
    "invitations.leave_contact": PUBLIC,
    "invitations.contact_left": PUBLIC,
    "contact_desk.index": Permission.CALL_BACK,
    "contact_desk.offer": Permission.CALL_BACK,
    "contact_desk.called": Permission.CALL_BACK,
    "contact_desk.not_called": Permission.CALL_BACK,
    "contact_desk.delete": Permission.CALL_BACK,
    # phone interviews
    "interviews.index": Permission.RUN_INTERVIEWS,
    "interviews.new": Permission.MANAGE_CUSTOMERS,
    "interviews.create": Permission.MANAGE_CUSTOMERS,
    "interviews.start_list": Permission.MANAGE_CUSTOMERS,
    "interviews.take_next": Permission.RUN_INTERVIEWS,
    "interviews.call": Permission.RUN_INTERVIEWS,
    "interviews.take_answer": Permission.RUN_INTERVIEWS,
    "interviews.end_call": Permission.RUN_INTERVIEWS,
    # statements and their tags
    "tagging.index": Permission.TAG_ANSWERS,
    "tagging.model": Permission.TAG_ANSWERS,
    "tagging.masked": Permission.TAG_ANSWERS,
    "tagging.review": Permission.TAG_ANSWERS,
    "tagging.confirm": Permission.TAG_ANSWERS,
    "tagging.undo": Permission.TAG_ANSWERS,
    "tagging.propose": Permission.EDIT_CAUSES,
    "tagging.move": Permission.TAG_ANSWERS,
    "tagging.samples": Permission.TAG_ANSWERS,
    "tagging.sample": Permission.TAG_ANSWERS,
    "tagging.read_sample": Permission.TAG_ANSWERS,
    "tagging.confirm_blind": Permission.TAG_ANSWERS,
    "tagging.settle": Permission.TAG_ANSWERS,
    # live sessions: participants, by code and cookie
    "brainstorms.enter": PUBLIC,
    "brainstorms.show": PUBLIC,
    "brainstorms.join": PUBLIC,
    "brainstorms.leave": PUBLIC,
    "brainstorms.events": PUBLIC,
    "brainstorms.stream": PUBLIC,
    "brainstorms.stage": PUBLIC,
    "brainstorms.cards": PUBLIC,
    "brainstorms.change_card": PUBLIC,
    "brainstorms.prediction": PUBLIC,
    "brainstorms.votes": PUBLIC,
    "brainstorms.here": PUBLIC,
    "brainstorms.moves": PUBLIC,
    # live sessions: the facilitator's desk, and what researchers make of results
    "desk.index": Permission.RUN_BRAINSTORMS,
    "desk.new": Permission.RUN_BRAINSTORMS,
    "desk.show": Permission.RUN_BRAINSTORMS,
    "desk.screen": Permission.RUN_BRAINSTORMS,
    "desk.stage": Permission.RUN_BRAINSTORMS,
    "desk.screen_stage": Permission.RUN_BRAINSTORMS,
    "desk.events": Permission.RUN_BRAINSTORMS,
    "desk.stream": Permission.RUN_BRAINSTORMS,
    "desk.advance": Permission.RUN_BRAINSTORMS,
    "desk.ask": Permission.RUN_BRAINSTORMS,
    "desk.extend": Permission.RUN_BRAINSTORMS,
    "desk.late": Permission.RUN_BRAINSTORMS,
    "desk.moves": Permission.RUN_BRAINSTORMS,
    "desk.result_csv": Permission.RUN_BRAINSTORMS,
    "desk.result_xlsx": Permission.RUN_BRAINSTORMS,
    "desk.result_json": Permission.RUN_BRAINSTORMS,
    "desk.result_pdf": Permission.RUN_BRAINSTORMS,
    "desk.habits": Permission.RUN_BRAINSTORMS,
    "desk.proposals": Permission.EDIT_CAUSES,
    "desk.accept": Permission.EDIT_CAUSES,
    # causes
    "causes.index": Permission.EDIT_CAUSES,
    "causes.add": Permission.EDIT_CAUSES,
    "causes.rename": Permission.EDIT_CAUSES,
    "causes.merge": Permission.EDIT_CAUSES,
    "causes.move": Permission.EDIT_CAUSES,
    "causes.set_tickable": Permission.EDIT_CAUSES,
    "causes.retire": Permission.EDIT_CAUSES,
    "causes.restore": Permission.EDIT_CAUSES,
    "causes.history": Permission.EDIT_CAUSES,
    "causes.codebook": Permission.EDIT_CAUSES,
}


def install(app: Flask, *, permissions: Callable[[], frozenset[Permission] | None]) -> None:
    """Check every request before its view.

    `permissions` gives the rights of who is asking, or None for a stranger, who is sent
    to the sign-in page and back.
    """

    @app.before_request
    def _check() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # no such page: Flask answers 404
        needed = POLICY.get(request.endpoint)
        if needed is PUBLIC:
            return None
        granted = permissions()
        if granted is None:
            if request.method != "GET" or request.path == "/":
                return redirect(url_for("security.login"))
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        if needed is None or needed not in granted:
            abort(403)
        return None
