"""What a mail says: subject and text with merge fields, and good defaults in three languages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from feedback_app.foundation.rules import LANGUAGES, N_, Unable
from feedback_app.surveys.rules import Subject

MERGE_FIELDS = ("name", "link", "company", "survey")
IN_SUBJECTS = ("name", "company", "survey")
LONGEST_SUBJECT = 150
LONGEST_BODY = 5000
_FIELD = re.compile(r"\{([^{}]*)\}")


class UnableToWriteMail(Unable):
    """A text can not be sent as a mail; the message names the field or the fault."""


@dataclass(frozen=True, slots=True)
class MailText:
    """Subject and plain text of an invitation, and of its reminders where they differ.

    A blank line begins a paragraph; a paragraph that is {link} alone becomes a button.
    """

    subject: str
    body: str
    reminder_subject: str = ""
    reminder_body: str = ""

    def of(self, *, is_reminder: bool) -> tuple[str, str]:
        """Subject and body of the invitation or of its reminder."""
        if not is_reminder:
            return self.subject, self.body
        return self.reminder_subject or self.subject, self.reminder_body or self.body

    def to_json(self) -> dict[str, str]:
        """A document for a JSON column."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, document: Mapping[str, str]) -> MailText:
        """What `to_json` gave."""
        return cls(**{name: str(document.get(name, "")) for name in cls.__slots__})


def check_text(text: MailText, language: str) -> MailText:
    """The text with plain line ends.

    Raises UnableToWriteMail: unknown merge field, empty or too long, line end in a subject.
    """
    name = LANGUAGES.get(language, language)
    plain = MailText(
        *(getattr(text, field).replace("\r\n", "\n").strip() for field in text.__slots__)
    )
    for subject in (plain.subject, plain.reminder_subject):
        _check_fields(subject, IN_SUBJECTS, _NO_SUCH_FIELD_IN_SUBJECT, name)
        if len(subject) > LONGEST_SUBJECT or len(subject.splitlines()) > 1:
            raise UnableToWriteMail(
                N_("%(language)s: a subject is one line of at most %(most)s characters."),
                language=name,
                most=LONGEST_SUBJECT,
            )
    for body in (plain.body, plain.reminder_body):
        _check_fields(body, MERGE_FIELDS, _NO_SUCH_FIELD_IN_TEXT, name)
        if len(body) > LONGEST_BODY:
            raise UnableToWriteMail(
                N_("%(language)s: a text has at most %(most)s characters, got %(given)s."),
                language=name,
                most=LONGEST_BODY,
                given=len(body),
            )
    if not plain.subject or not plain.body:
        raise UnableToWriteMail(N_("%(language)s: write a subject and a text."), language=name)
    for body in filter(None, (plain.body, plain.reminder_body)):
        if "{link}" not in body:
            raise UnableToWriteMail(
                N_("%(language)s: the text lacks {link}, the way to the survey."), language=name
            )
    return plain


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with its merge fields filled in; other braces stay."""
    return _FIELD.sub(lambda it: values.get(it[1], it[0]), text)


_NO_SUCH_FIELD_IN_SUBJECT = N_(
    "%(language)s, subject: there is no field {%(field)s}; known fields: %(allowed)s."
)
_NO_SUCH_FIELD_IN_TEXT = N_(
    "%(language)s, text: there is no field {%(field)s}; known fields: %(allowed)s."
)


def _check_fields(text: str, known: tuple[str, ...], refusal: str, language: str) -> None:
    for found in _FIELD.findall(text):
        if found not in known:
            allowed = ", ".join(f"{{{each}}}" for each in known)
            raise UnableToWriteMail(
                refusal,
                language=language,
                field=found,
                allowed=allowed,
            )


def default_text(language: str, subject: Subject = Subject.DEPARTED) -> MailText:
    """A text that is short, says why it is worth it and fits whom the survey asks."""
    texts = _TO_DEPARTED if subject is Subject.DEPARTED else _TO_OTHERS
    return texts.get(language, texts["en"])


#: What stands for {name} where the name is not known.
SOMEBODY = {"en": "there", "ru": "уважаемый клиент", "uk": "шановний клієнте"}

_TO_DEPARTED = {
    "en": MailText(
        "{company}: what made you leave?",
        "Hello {name},\n\n"
        "you are no longer a customer of {company}. We would like to understand why, and to "
        "put right what was our fault.\n\n"
        "A few short questions, about two minutes, no account needed:\n\n"
        "{link}\n\n"
        "Thank you.",
        "{company}: a short reminder",
        "Hello {name},\n\n"
        "a few days ago we asked what made you leave {company}. Should you find two minutes, "
        "your answer helps us to put right what was our fault:\n\n"
        "{link}\n\n"
        "If you would rather not answer, you need do nothing. Thank you.",
    ),
    "ru": MailText(
        "{company}: почему вы ушли?",
        "Здравствуйте, {name}!\n\n"
        "Вы больше не клиент компании «{company}». Нам важно понять почему и исправить то, "
        "в чём мы были неправы.\n\n"
        "Несколько коротких вопросов, около двух минут, без регистрации:\n\n"
        "{link}\n\n"
        "Спасибо.",
        "{company}: короткое напоминание",
        "Здравствуйте, {name}!\n\n"
        "Несколько дней назад мы спросили, почему вы ушли из компании «{company}». Если найдёте "
        "две минуты, ваш ответ поможет исправить то, в чём мы были неправы:\n\n"
        "{link}\n\n"
        "Если отвечать не хочется, ничего делать не нужно. Спасибо.",
    ),
    "uk": MailText(
        "{company}: чому ви пішли?",
        "Вітаємо, {name}!\n\n"
        "Ви більше не клієнт компанії «{company}». Нам важливо зрозуміти чому й виправити те, "
        "у чому ми були неправі.\n\n"
        "Кілька коротких запитань, близько двох хвилин, без реєстрації:\n\n"
        "{link}\n\n"
        "Дякуємо.",
        "{company}: коротке нагадування",
        "Вітаємо, {name}!\n\n"
        "Кілька днів тому ми запитали, чому ви пішли з компанії «{company}». Якщо знайдете дві "
        "хвилини, ваша відповідь допоможе виправити те, у чому ми були неправі:\n\n"
        "{link}\n\n"
        "Якщо відповідати не хочеться, нічого робити не потрібно. Дякуємо.",
    ),
}

_TO_OTHERS = {
    "en": MailText(
        "{company}: your opinion, please",
        "Hello {name},\n\n"
        "we would like to know how you are doing with {company}: what is good, and what we "
        "should mend.\n\n"
        "A few short questions, no account needed:\n\n"
        "{link}\n\n"
        "Thank you.",
        "{company}: a short reminder",
        "Hello {name},\n\n"
        "a few days ago we asked how you are doing with {company}. Should you find a few "
        "minutes, your answer tells us what to mend:\n\n"
        "{link}\n\n"
        "If you would rather not answer, you need do nothing. Thank you.",
    ),
    "ru": MailText(
        "{company}: просим вашего мнения",
        "Здравствуйте, {name}!\n\n"
        "Нам важно знать, как вам работается с компанией «{company}»: что хорошо и что нам стоит "
        "исправить.\n\n"
        "Несколько коротких вопросов, без регистрации:\n\n"
        "{link}\n\n"
        "Спасибо.",
        "{company}: короткое напоминание",
        "Здравствуйте, {name}!\n\n"
        "Несколько дней назад мы спросили, как вам работается с компанией «{company}». Если "
        "найдёте несколько минут, ваш ответ подскажет, что нам исправить:\n\n"
        "{link}\n\n"
        "Если отвечать не хочется, ничего делать не нужно. Спасибо.",
    ),
    "uk": MailText(
        "{company}: просимо вашої думки",
        "Вітаємо, {name}!\n\n"
        "Нам важливо знати, як вам працюється з компанією «{company}»: що добре і що нам варто "
        "виправити.\n\n"
        "Кілька коротких запитань, без реєстрації:\n\n"
        "{link}\n\n"
        "Дякуємо.",
        "{company}: коротке нагадування",
        "Вітаємо, {name}!\n\n"
        "Кілька днів тому ми запитали, як вам працюється з компанією «{company}». Якщо знайдете "
        "кілька хвилин, ваша відповідь підкаже, що нам виправити:\n\n"
        "{link}\n\n"
        "Якщо відповідати не хочеться, нічого робити не потрібно. Дякуємо.",
    ),
}
