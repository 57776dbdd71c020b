"""How the project refuses: one error, a stable code, a sentence in both languages, the facts used."""


class Refused(Exception):
    """Something asked for cannot be done, and the asker can do something about it.

    code: stable, dotted, `<area>.<what>`; tests, API clients and translations of clients rely on it.
    zh, en: one sentence each: what is wrong, where, why it matters, what to do.
    facts: the plain values the sentences were made from.
    """

    def __init__(self, code: str, *, zh: str, en: str, **facts: object) -> None:
        super().__init__(en)
        self.code = code
        self.zh = zh
        self.en = en
        self.facts = facts

    def text(self, lang: str) -> str:
        """The sentence in `lang`, any language tag ("zh", "zh-hans", "en-gb")."""
        return in_language(lang, self.zh, self.en)


def in_language(lang: str, zh: str, en: str) -> str:
    """Choose between the two languages everything is written in; a tag that is not Chinese reads English."""
    return zh if lang.lower().startswith("zh") else en
