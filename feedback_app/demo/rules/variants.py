"""The same said in other words, so that the demo's quotes are not all alike."""

from __future__ import annotations

#: language -> cause -> what somebody might write as well as the text of `TEXTS`.
VARIANTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "company.price": (
            "After the first year the bill jumped and nobody had said so.",
            "Charge old customers what you charge new ones.",
        ),
        "company.slow_response": (
            "Pick up the phone. I never got past the music.",
            "Three letters, no answer to any of them.",
        ),
        "company.quality": (
            "Make it work in the evening, it broke off all the time.",
            "Outages every week, sometimes for a whole day.",
        ),
        "competitor.price": (
            "My neighbour pays a third less for the same.",
            "Match the prices of the others.",
        ),
        "competitor.offer": (
            "They gave me six months for nothing if I switched.",
            "A free router and the first half year on the house.",
        ),
        "client.relocated": (
            "Come to our new street, you are not there.",
            "Our new flat can not be connected.",
        ),
    },
    "ru": {
        "company.price": (
            "Предупреждайте, когда поднимаете цену.",
            "Счёт вырос, а письма об этом не было.",
        ),
        "company.slow_response": (
            "Дозвониться до вас невозможно.",
            "Отвечайте на обращения, я писал три раза.",
        ),
        "company.quality": (
            "Обрывы каждый вечер, почините линию.",
            "Интернет пропадал на целый день.",
        ),
        "competitor.price": (
            "Другой провайдер берёт на треть меньше.",
            "Сделайте цены как у конкурентов.",
        ),
        "competitor.offer": (
            "Другие дали роутер и три месяца в подарок.",
            "Там была акция для новых клиентов.",
        ),
        "client.relocated": (
            "Проведите линию в наш новый район.",
            "В новом доме вашей сети нет.",
        ),
    },
    "uk": {
        "company.price": (
            "Ціна зросла, а листа про це не було.",
            "Кажіть наперед, коли тариф дорожчає.",
        ),
        "company.slow_response": (
            "Додзвонитися до вас неможливо.",
            "Писала тричі, ніхто не відповів.",
        ),
        "company.quality": (
            "Зв’язок обривався щовечора.",
            "Полагодьте лінію, інтернет зникав на цілий день.",
        ),
        "competitor.price": (
            "Інший провайдер бере на третину менше.",
            "Зробіть ціни, як у конкурентів.",
        ),
        "competitor.offer": (
            "Інші дали роутер і три місяці в подарунок.",
            "Там була акція для нових клієнтів.",
        ),
        "client.relocated": (
            "Проведіть лінію в наш новий район.",
            "У новому будинку вашої мережі немає.",
        ),
    },
}


def list_alike(texts: dict[str, dict[str, str]]) -> dict[str, tuple[str, ...]]:
    """text of `texts` -> itself and its variants."""
    return {
        text: (text, *VARIANTS[language].get(code, ()))
        for language, codes in texts.items()
        for code, text in codes.items()
    }
