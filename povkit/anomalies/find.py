"""Find anomalies in the views of a county: fit, judge, flag by q, write findings of the lowest grade."""

import hashlib
import inspect
import json
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from povkit.anomalies import records as reading
from povkit.anomalies.explain import Explainer
from povkit.anomalies.model import CHANNELS, CountyModel
from povkit.anomalies.reasons import Reason
from povkit.anomalies.records import Records
from povkit.anomalies.result import SCORE_COLUMNS, SHELF, AnomalyResult, Channel, Outcome
from povkit.anomalies.threads import one_thread
from povkit.policy import Limits
from povkit.views import Views
from povkit.vocab import FINDING_SCHEMA, Level

DIGITS = 9
"""Significant digits that scores and p values are kept to, since the last bits differ between machines."""
USED = ("anomaly_households_min", "anomaly_ordinary_share", "anomaly_peers_min", "anomaly_q_max")
"""The policy's limits that a finding rests on."""
SHOWN_DIGITS = 4
"""Significant digits of numbers in the evidence."""


@one_thread
def find_anomalies(
    views: Views,
    limits: Limits,
    seed: int,
    codes: Iterable[str] | None = None,
    wider: CountyModel | None = None,
) -> AnomalyResult:
    """Score every household of a county in the channels of `codes` (default: all of X01, X02, X03).

    limits: anomaly_households_min, anomaly_q_max, anomaly_ordinary_share, anomaly_peers_min. seed: all chance.
    wider: a model of several counties (`fit_wider`); used, less the county's own offsets, where the county has fewer
    than anomaly_households_min households. Without it such a county's households are counted as unknown.

    A channel whose inputs were not handed in is not run, with what to ask for.
    """
    wanted = {channel.code for channel in SHELF} if codes is None else set(codes)
    shelf = [channel for channel in SHELF if channel.code in wanted]
    outcomes = {channel.code: Outcome(channel) for channel in shelf}
    data = reading.read(views)
    result = AnomalyResult(outcomes, population=len(data.frame) + data.dropped)
    _note_missing(outcomes, views, data)
    running = [outcome.rule for outcome in outcomes.values() if outcome.ran]
    small = len(data.frame) < limits.anomaly_households_min
    for channel in running:
        outcomes[channel.code].unknown = result.population
    if not running or not len(data.frame) or (small and wider is None):
        return result
    try:
        model, offsets = _model(data, seed, [channel.name for channel in running], wider if small else None)
        judged = model.judge(data.frame, data.groups, offsets)
    except Exception as error:  # noqa: BLE001 - a model that fails is reported, whatever it raised
        for channel in running:
            outcomes[channel.code].unknown, outcomes[channel.code].crash = 0, f"{type(error).__name__}: {error}"
        return result
    result.scores = _scores(judged, data, limits.anomaly_q_max)
    by_number = judged.set_axis(data.frame["household_id"], axis=0)
    result.explainer = Explainer(
        data, model, offsets, by_number, limits.anomaly_ordinary_share, limits.anomaly_peers_min
    )
    result.findings = _findings(result, running, data, limits)
    for channel in running:
        _count(outcomes[channel.code], result)
    return result


@one_thread
def fit_wider(counties: Iterable[Views], seed: int) -> CountyModel:
    """A model of several counties together, for those that are too small for their own (`find_anomalies`, wider).

    Only fields that every county handed in are used. Raises ValueError without any county.
    """
    read = [reading.read(views) for views in counties]
    if not read:
        raise ValueError("no county given; a wider model needs at least one")
    fields = tuple(field for field in read[0].fields if all(field in each.fields for each in read[1:]))
    frame = pd.concat([each.frame for each in read], ignore_index=True)
    groups = np.concatenate([each.groups for each in read])
    return CountyModel(fields, seed).fit(frame, groups)


def _note_missing(outcomes: dict[str, Outcome], views: Views, data: Records) -> None:
    lacking = reading.without_target(views)
    for code, outcome in outcomes.items():
        if code == "X01" and lacking:
            outcome.missing = lacking
        elif len(data.fields) < reading.FIELDS_MIN + 1:
            outcome.missing = reading.lacking(views, reading.ESSENTIAL)


def _model(
    data: Records, seed: int, channels: list[str], wider: CountyModel | None
) -> tuple[CountyModel, dict[str, Any]]:
    if wider is None:
        return CountyModel(data.fields, seed, channels).fit(data.frame, data.groups), {}
    return wider, wider.offsets(data.frame, data.groups)


def _scores(judged: pd.DataFrame, data: Records, q_max: float) -> pd.DataFrame:
    """The result's table: rounded, ranked by p, then by the sum of the channels' surprise, then by number."""
    scores = judged.join(data.frame[["household_id", "village_code", "village", "township", "fingerprint"]])
    scores = scores[scores["p"].notna()]
    columns = [f"{name}_p" for name in CHANNELS]
    known = scores[columns].to_numpy()
    scores["channel"] = [CHANNELS[place] for place in np.argmin(np.where(np.isnan(known), np.inf, known), axis=1)]
    scores["flagged"] = scores["q"] <= q_max
    scores["surprise"] = -np.log10(np.clip(np.nan_to_num(known, nan=1.0), 1e-300, 1.0)).sum(axis=1)
    for name in (*CHANNELS, *columns, "p", "q", "surprise"):
        scores[name] = rounded(scores[name].to_numpy(), DIGITS)
    scores = scores.sort_values(["p", "surprise", "household_id"], ascending=[True, False, True], ignore_index=True)
    scores["rank"] = np.arange(1, len(scores) + 1)
    for name in ("village_code", "village", "township"):
        scores[name] = scores[name].astype(object).where(scores[name].notna(), None)
    table: pd.DataFrame = scores[list(SCORE_COLUMNS)].astype(SCORE_COLUMNS)
    return table


def rounded(values: Any, digits: int) -> Any:
    """Numbers to so many significant digits.

    >>> rounded(np.array([123456.0, 0.00012345, 0.0, np.nan]), 3).tolist()
    [123000.0, 0.000123, 0.0, nan]
    """
    x = np.asarray(values, dtype=np.float64)
    known = np.isfinite(x) & (x != 0)
    places = digits - 1 - np.floor(np.log10(np.abs(np.where(known, x, 1.0))))
    unit = 10.0 ** np.clip(places, -300, 300)
    return np.where(known, np.round(x * unit) / unit, x)


def _count(outcome: Outcome, result: AnomalyResult) -> None:
    judged = int(result.scores[f"{outcome.rule.name}_p"].notna().sum())
    codes = result.findings["code"].to_pylist()
    outcome.evaluated, outcome.unknown = judged, result.population - judged
    outcome.flagged = codes.count(outcome.rule.code)


def _findings(result: AnomalyResult, running: list[Channel], data: Records, limits: Limits) -> pa.Table:
    """A finding for every flagged household in the channel that carries its p."""
    flagged = result.scores[result.scores["flagged"]]
    by_name = {channel.name: channel for channel in running}
    reasons = result.reasons(flagged["household_id"])
    subjects = dict(zip(data.frame["household_id"], data.frame["subject"], strict=True))
    used = {name: limits[name] for name in USED}
    rows = []
    for row in flagged.to_dict("records"):
        channel, number = by_name[row["channel"]], row["household_id"]
        rows.append(
            {name: row[name] for name in ("township", "village_code", "village", "household_id")}
            | {"code": channel.code, "level": str(Level.HOUSEHOLD), "object_id": number}
            | {"subject": _text(subjects[number]) or number, "county_code": limits.county_code}
            | {"rule_version": version(channel, used), "title_zh": channel.zh, "title_en": channel.en}
            | {"evidence": _evidence(reasons[number], row, used)}
        )
    return pa.Table.from_pylist(rows, schema=FINDING_SCHEMA)


def _text(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


@cache
def room_text() -> str:
    """The text of all modules of this room, in order of their names."""
    room = __name__.rpartition(".")[0]
    names = sorted(name for name in list(sys.modules) if name == room or name.startswith(room + "."))
    return "".join(inspect.getsource(sys.modules[name]) for name in names)


def version(channel: Channel, used: dict[str, Any]) -> str:
    """Hash of the text of all modules of this room and of the limits used (12 hex digits)."""
    text = room_text()
    values = "".join(f"{name}={used[name]!r};" for name in sorted(used))
    return hashlib.sha256((text + channel.code + channel.zh + values).encode()).hexdigest()[:12]


def _evidence(reason: Reason, row: dict[Any, Any], used: dict[str, Any]) -> str:
    """JSON of a flagged household: the fields that matter, q, rank, the sentence, limits."""
    values: dict[str, Any] = {each.column: each.value for each in reason.fields}
    values |= {"p": float(f"{row['p']:.{SHOWN_DIGITS}g}"), "q": float(f"{row['q']:.{SHOWN_DIGITS}g}")}
    values |= {"rank": int(row["rank"]), "n_peers": reason.n_peers}
    values |= {"reason": {language: reason.sentence(language) for language in ("zh", "en")}, "limits": used}
    return json.dumps(values, ensure_ascii=False, sort_keys=True)
