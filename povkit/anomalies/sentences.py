"""One templated sentence for a reason: what is registered, what the peers have, what would fit."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from povkit.anomalies.reasons import FieldReason, Reason

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "field": "登记的{label}为{value}",
        "peers": "{peers}的{n}户多为{range}",
        "peers_none": "没有可比的户",
        "fits": "按该户其他各项推算，{range}才与其余登记相称",
        "fits_income": "按该户家庭条件推算，{range}才与其余登记相称",
        "fits_rare": "若为{range}即不再少见",
        "no_single": "只改这一项仍不相称，须与{others}一并核对",
        "pair": "登记的{label}（{value}）与{label2}（{value2}）互不相称，至少一项有误："
        "{peers}的{n}户前者多为{range}、后者多为{range2}",
        "pair_fits": "按该户其他各项推算，{label}为{range}",
        "with": "推算时影响最大的是{others}",
        "rare": "{facts}，三项同时出现的户少见：{peers}的{n}户{label}多为{range}",
        "to": "{low}至{high}",
        "none": "空白",
        "hidden": "（涉及健康，未显示）",
        "and": "、",
        "or": "，或",
        "clause": "；",
        "end": "。",
        "yes": "是",
        "no": "否",
        "fact": "{label}{value}",
    },
    "en": {
        "field": "The registered {label} is {value}",
        "peers": "{n} households {peers} mostly have {range}",
        "peers_none": "there are no households to compare with",
        "fits": "from the household's other entries, {range} would fit",
        "fits_income": "from what the household has, {range} would fit",
        "fits_rare": "with {range} it would not be rare",
        "no_single": "changing this alone does not make it fit; check it together with {others}",
        "pair": "The registered {label} ({value}) and {label2} ({value2}) do not fit each other, at least one is "
        "wrong: {n} households {peers} mostly have {range} and {range2}",
        "pair_fits": "from the household's other entries, {label} of {range} would fit",
        "with": "what weighs most in this is {others}",
        "rare": "{facts} rarely come together: {n} households {peers} mostly have {label} {range}",
        "to": "{low} to {high}",
        "none": "blank",
        "hidden": "(about health, not shown)",
        "and": ", ",
        "or": ", or ",
        "clause": "; ",
        "end": ".",
        "yes": "yes",
        "no": "no",
        "fact": "{label} {value}",
    },
}


def tell(reason: "Reason", language: str, show_private: bool) -> str:
    """The sentence of a reason, language "zh" or "en"."""
    if language not in _WORDS:
        raise ValueError(f"language {language!r} is not known; write one of {', '.join(_WORDS)}")
    teller = _Teller(_WORDS[language], language == "zh", show_private)
    if reason.channel == "rarity":
        parts = teller.rare(reason)
    elif reason.pair:
        parts = teller.pair(reason)
    else:
        parts = teller.single(reason)
    text = teller.words["clause"].join(part for part in parts if part) + teller.words["end"]
    return text[0].upper() + text[1:]


class _Teller:
    """Puts parts into words of one language."""

    def __init__(self, words: dict[str, str], chinese: bool, show_private: bool) -> None:
        self.words = words
        self.chinese = chinese
        self.show_private = show_private

    def single(self, reason: "Reason") -> list[str]:
        """One field, its peers, what would fit, and what that rests on."""
        first, others = reason.fields[0], reason.fields[1:]
        head = self.words["field"].format(label=self.label(first), value=self.value(first, first.value))
        if first.clears:
            key = "fits_income" if reason.channel == "plausibility" else "fits"
            fits = self.words[key].format(range=self.range(first, first.clears_low, first.clears_high))
        elif others:
            fits = self.words["no_single"].format(others=self.words["and"].join(map(self.label, others)))
        else:
            fits = ""
        rests = ""
        if reason.channel == "plausibility" and others:
            rests = self.words["with"].format(others=self.words["and"].join(map(self.fact, others)))
        comma = "，" if self.chinese else ", "
        return [head + comma + self.peers(reason), fits, rests]

    def pair(self, reason: "Reason") -> list[str]:
        """Two fields that break what usually holds between them."""
        first, second = reason.fields[:2]
        head = self.words["pair"].format(
            label=self.label(first), value=self.value(first, first.value),
            label2=self.label(second), value2=self.value(second, second.value),
            peers=self.place(reason), n=reason.n_peers,
            range=self.range(first, first.low, first.high), range2=self.range(second, second.low, second.high),
        )  # fmt: skip
        fits = [
            self.words["pair_fits"].format(label=self.label(f), range=self.range(f, f.clears_low, f.clears_high))
            for f in (first, second)
            if f.clears
        ]
        if self.chinese and fits:
            tail = fits[0] + "".join(self.words["or"] + fit.partition("，")[2] for fit in fits[1:]) + "才与其余登记相称"
        else:
            tail = self.words["or"].join(fits)
        return [head, tail]

    def rare(self, reason: "Reason") -> list[str]:
        """Values that seldom come together."""
        first = reason.fields[0]
        head = self.words["rare"].format(
            facts=self.words["and"].join(map(self.fact, reason.fields)), peers=self.place(reason), n=reason.n_peers,
            label=self.label(first), range=self.range(first, first.low, first.high),
        )  # fmt: skip
        if not first.clears:
            return [head]
        return [head, self.words["fits_rare"].format(range=self.range(first, first.clears_low, first.clears_high))]

    def peers(self, reason: "Reason") -> str:
        """The peers and their range."""
        first = reason.fields[0]
        if not reason.n_peers:
            return self.words["peers_none"]
        return self.words["peers"].format(
            peers=self.place(reason), n=reason.n_peers, range=self.range(first, first.low, first.high)
        )

    def place(self, reason: "Reason") -> str:
        return reason.peers_zh if self.chinese else reason.peers_en

    def label(self, field: "FieldReason") -> str:
        return field.label_zh if self.chinese else field.label_en

    def fact(self, field: "FieldReason") -> str:
        """Label and value side by side."""
        return self.words["fact"].format(label=self.label(field), value=self.value(field, field.value))

    def range(self, field: "FieldReason", low: Any, high: Any) -> str:
        """Two bounds, or one value where they are told alike."""
        first, last = self.value(field, low), self.value(field, high)
        if first == last:
            return first
        unit = field.unit_zh if self.chinese else field.unit_en
        if not self.chinese and unit:
            first = first.removesuffix(" " + unit)
        return self.words["to"].format(low=first, high=last)

    def value(self, field: "FieldReason", value: Any) -> str:
        """A value with its unit."""
        if field.private and not self.show_private:
            return self.words["hidden"]
        if value is None:
            return self.words["none"]
        if isinstance(value, bool):
            return self.words["yes" if value else "no"]
        if isinstance(value, str):
            return f"“{value}”"
        unit = field.unit_zh if self.chinese else field.unit_en
        return _number(float(value)) + (unit if self.chinese else f" {unit}" if unit else "")


def _number(value: float) -> str:
    """A number as people write it: whole from 100 on, one decimal below, two below 1.

    >>> _number(11795.3), _number(3.0), _number(2.25), _number(0.36)
    ('11,795', '3', '2.2', '0.36')
    """
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
