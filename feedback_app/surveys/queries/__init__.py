"""Reads of surveys, of their versions and of the list of competitors."""

from __future__ import annotations

from feedback_app.surveys.queries.definitions import (
    UnableToFindSurvey,
    VersionRow,
    find_draft,
    find_published,
    find_version,
    get_definition,
    get_joined_definition,
    list_definitions,
    list_scheduled,
    list_score_fields,
    list_versions,
)
from feedback_app.surveys.queries.surveys import (
    OpenSurvey,
    SurveyRow,
    find_for_respondent,
    find_survey,
    get_survey,
    list_competitors,
    list_slugs,
    list_surveys,
)

__all__ = [
    "OpenSurvey",
    "SurveyRow",
    "UnableToFindSurvey",
    "VersionRow",
    "find_draft",
    "find_for_respondent",
    "find_published",
    "find_survey",
    "find_version",
    "get_definition",
    "get_joined_definition",
    "get_survey",
    "list_competitors",
    "list_definitions",
    "list_scheduled",
    "list_score_fields",
    "list_slugs",
    "list_surveys",
    "list_versions",
]
