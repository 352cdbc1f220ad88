"""Pure rules of surveys: question kinds, definitions, states, names."""

from feedback_app.surveys.rules.definition import SurveyDefinition, UnableToReadDefinition
from feedback_app.surveys.rules.question import Form, Problem, ProblemKind, Question, ShowIf, Texts
from feedback_app.surveys.rules.survey import (
    Channel,
    Mode,
    PublishWhen,
    State,
    Subject,
    UnableToChangeSurvey,
    check_k,
    make_slug,
)

__all__ = [
    "Channel",
    "Form",
    "Mode",
    "Problem",
    "ProblemKind",
    "PublishWhen",
    "Question",
    "ShowIf",
    "State",
    "Subject",
    "SurveyDefinition",
    "Texts",
    "UnableToChangeSurvey",
    "UnableToReadDefinition",
    "check_k",
    "make_slug",
]
