"""Can the rules of a view be satisfied together, and can each be broken? Asked of many objects, answered by counting.

A rule set contradicts itself where two rules speak of the same objects and whatever clears one is flagged by the
other. No solver is asked: the rules' own expressions are evaluated on as many different objects as the caller has, and
what no object shows is named. A pair that is named is a contradiction or lacks an example; a pair that is not has one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

import narwhals as nw
import numpy as np
import numpy.typing as npt

from povkit.rules.engine import LimitsLike, prepare
from povkit.rules.rule import Rule
from povkit.views import Views

OUTSIDE, UNKNOWN, CLEAR, FLAG = -2, -1, 0, 1
"""What a rule says of an object: not in its scope, cannot be judged, clear, flagged."""

Numbers = npt.NDArray[np.int8]
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Answers:
    """What each rule of a view says of each object.

    rules: names; said: objects x rules, int8 (see OUTSIDE to FLAG); kinds: by name, which objects are of that kind.
    """

    view: str
    rules: tuple[str, ...]
    said: Numbers
    kinds: Mapping[str, Truths]

    def of(self, names: Iterable[str]) -> "Answers":
        """The same for some of the rules."""
        wanted = set(names)
        places = [place for place, name in enumerate(self.rules) if name in wanted]
        return Answers(self.view, tuple(self.rules[p] for p in places), self.said[:, places], self.kinds)


def ask(
    views: Views,
    rules: Iterable[Rule],
    limits: LimitsLike,
    kinds: Mapping[str, Mapping[str, str]] | None = None,
    objects: Mapping[str, str] | None = None,
) -> dict[str, Answers]:
    """Evaluate rules on all objects of their views.

    kinds: by view and name, a condition in SQL over the view's columns. objects: by view, a relation with its columns
    to read in its stead. Rules whose inputs are missing are left out.
    Raises ValueError naming a rule that crashes.
    """
    by_view: dict[str, list[Rule]] = {}
    for rule in rules:
        by_view.setdefault(rule.view, []).append(rule)
    named, read = kinds or {}, objects or {}
    return {
        view: _ask(views, view, read.get(view, view), _prepared(views, shelf, limits), named.get(view, {}))
        for view, shelf in by_view.items()
    }


def _prepared(views: Views, shelf: Iterable[Rule], limits: LimitsLike) -> dict[str, nw.Expr]:
    asked = {}
    for rule in shelf:
        outcome, ready = prepare(rule, views, limits)
        if outcome.crash:
            raise ValueError(f"{rule.name} crashes: {outcome.crash}")
        if ready is not None:
            asked[rule.name] = _code(rule, ready.expression)
    return asked


def _ask(views: Views, view: str, relation: str, asked: Mapping[str, nw.Expr], kinds: Mapping[str, str]) -> Answers:
    extra = "".join(f", ({condition})::BOOLEAN AS kind_{place}" for place, condition in enumerate(kinds.values()))
    frame = nw.from_native(views.con.sql(f"SELECT *{extra} FROM {relation}"))
    marks = [nw.col(f"kind_{place}") for place in range(len(kinds))]
    got = frame.select(*(each.alias(name) for name, each in asked.items()), *marks).collect(backend="pyarrow")
    table = got.to_native()
    said = [table[name].to_numpy().astype(np.int8) for name in asked]
    of_kind = {name: table[f"kind_{p}"].fill_null(False).to_numpy() for p, name in enumerate(kinds)}
    whole = np.column_stack(said) if said else np.zeros((table.num_rows, 0), np.int8)
    return Answers(view, tuple(asked), whole, of_kind)


def _code(rule: Rule, flag: nw.Expr) -> nw.Expr:
    """A rule's answer as a number; blank flags, and blank scopes, are UNKNOWN."""
    unknown = nw.lit(UNKNOWN)
    judged = nw.when(flag).then(nw.lit(FLAG)).otherwise(nw.when(~flag).then(nw.lit(CLEAR)).otherwise(unknown))
    if not rule.within:
        return judged
    scope = nw.col(rule.within)
    return nw.when(scope).then(judged).otherwise(nw.when(~scope).then(nw.lit(OUTSIDE)).otherwise(unknown))


def pooled(several: Iterable[Mapping[str, Answers]]) -> dict[str, Answers]:
    """Objects of several registers in one table a view. A rule that one of them could not run is UNKNOWN there."""
    parts: dict[str, list[Answers]] = {}
    for answers in several:
        for view, each in answers.items():
            parts.setdefault(view, []).append(each)
    return {view: _pooled(view, each) for view, each in parts.items()}


def _pooled(view: str, parts: list[Answers]) -> Answers:
    rules = tuple(dict.fromkeys(name for part in parts for name in part.rules))
    said = []
    for part in parts:
        whole = np.full((len(part.said), len(rules)), UNKNOWN, np.int8)
        whole[:, [rules.index(name) for name in part.rules]] = part.said
        said.append(whole)
    names = dict.fromkeys(name for part in parts for name in part.kinds)
    blank = [np.zeros(len(part.said), bool) for part in parts]
    kinds = {
        name: np.concatenate([part.kinds.get(name, none) for part, none in zip(parts, blank, strict=True)])
        for name in names
    }
    return Answers(view, rules, np.concatenate(said), kinds)


def contradictions(answers: Answers) -> list[tuple[str, str]]:
    """Pairs of rules that no object satisfies together.

    Where some object is judged by both, one must be cleared by both; where none is (their scopes are apart), one
    must be cleared by either without a flag of the other.
    """
    judged, clear, quiet = (_counted(truth) for truth in _truths(answers))
    together, both = judged.T @ judged > 0, clear.T @ clear > 0
    apart = (clear.T @ quiet > 0) & (quiet.T @ clear > 0)
    wrong = np.where(together, ~both, ~apart)
    return [(answers.rules[a], answers.rules[b]) for a, b in combinations(range(len(answers.rules)), 2) if wrong[a, b]]


def unsatisfied(answers: Answers) -> dict[str, tuple[str, ...]]:
    """Kinds of objects of which none satisfies all rules (is flagged by none), with the few rules that flag them all.

    No rules are named where there is no object of the kind.
    """
    quiet = _truths(answers)[2]
    return {
        kind: _named(answers, _cover(~quiet[mask]))
        for kind, mask in answers.kinds.items()
        if not quiet[mask].all(axis=1).any()
    }


def hindered(answers: Answers) -> dict[str, tuple[str, ...]]:
    """Kinds of objects in which a rule clears nobody who satisfies all rules, with the rules that stand in the way.

    One rule alone may forbid all that another judges there (an adult with a pupil's grade, say). Where it takes
    several, whatever is judged is flagged, now by one and now by another: these are named. It asks for objects that
    could be: rows of registers, not columns put together.
    """
    found = {}
    for kind, mask in answers.kinds.items():
        judged, clear, quiet = (truth[mask] for truth in _truths(answers))
        passing = quiet.all(axis=1)
        wanting = np.flatnonzero(judged.any(axis=0) & ~clear[passing].any(axis=0))
        covers = [_cover(~quiet[judged[:, place]]) for place in wanting]
        several = {place for cover in covers if len(cover) > 1 for place in cover}
        if several:
            found[kind] = _named(answers, several)
    return found


def _cover(flagged: Truths) -> list[int]:
    """Few rules (columns) that together flag every object (row): each time the one that flags most of the rest."""
    chosen: list[int] = []
    rest = flagged
    while len(rest):
        chosen.append(int(rest.sum(axis=0).argmax()))
        rest = rest[~rest[:, chosen[-1]]]
    return chosen


def _named(answers: Answers, places: Iterable[int]) -> tuple[str, ...]:
    return tuple(answers.rules[place] for place in sorted(places))


def never(answers: Answers, said: int) -> list[str]:
    """Rules that give an answer (FLAG, CLEAR …) to no object."""
    return [name for name, ever in zip(answers.rules, (answers.said == said).any(axis=0), strict=True) if not ever]


def _truths(answers: Answers) -> tuple[Truths, Truths, Truths]:
    """Whether each rule judges each object, clears it, does not flag it."""
    said = answers.said
    return said >= CLEAR, said == CLEAR, said != FLAG


def _counted(truth: Truths) -> npt.NDArray[np.float32]:
    return truth.astype(np.float32)
