"""Too many incomes just above a line: counts against a smooth curve with heaps at round numbers.

Bunching: Saez 2010; Chetty et al. 2011 (QJE 126:749); Kleven & Waseem 2013 (QJE 128:669); heaps as in Barreca, Lindo &
Waddell 2016. log mu = polynomial + one term for each round number, fitted by quasi-Poisson regression to the bins
outside a window around the line and carried into it. The test asks on which side of the line the window's households
lie: that answers for a shift across the line, and does not depend on how many there are altogether. What the same test
finds at lines where nothing happens is taken for the curve's own error.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.polynomial import legendre
from scipy import stats

from povkit.patterns.counting import NORMAL

Floats = npt.NDArray[np.float64]
STEPS, CLOSE = 60, 1e-9
HEAPED_MIN = 12
"""Households in the bins of a round number, below which its heap is not fitted."""
NEARBY = 4
"""Half windows on either side within which other lines are tried."""
RIDGE = 1e-3
"""Pull of the coefficients to nought: nothing to a fit that has data, a bound for one that has none."""


@dataclass(frozen=True)
class Window:
    """Bins of `width` over [line - low, line + high); the fit leaves out [line - below, line + above).

    heaps: round numbers at which values may pile up. All in the unit of the values.
    """

    width: float
    low: float
    high: float
    below: float
    above: float
    heaps: tuple[float, ...] = ()

    def edges(self, line: float) -> Floats:
        """Lower edges of the bins."""
        count = round((self.low + self.high) / self.width)
        return np.asarray(line - self.low + self.width * np.arange(count), dtype=float)

    def places(self, values: Floats, line: float) -> npt.NDArray[np.int64]:
        """Number of each value's bin; -1 outside. The last bin is open above: a value on the edge is outside."""
        place = np.floor((values - (line - self.low)) / self.width + 1e-9)
        inside = (place >= 0) & (place < len(self.edges(line)))
        return np.where(inside, place, -1).astype(np.int64)


@dataclass(frozen=True)
class Curve:
    """A fitted curve: per bin its lower edge, observed and expected counts and the design; covariance of the fit.

    up, down: the window's bins above and below the line. scale: overdispersion (at least 1). borrowed: variance of
    log(above / below) besides that of the fit: of a borrowed shape, of bends that no curve follows.
    """

    edges: Floats
    observed: Floats
    expected: Floats
    design: Floats
    covariance: Floats
    scale: float
    up: npt.NDArray[np.bool_]
    down: npt.NDArray[np.bool_]
    borrowed: float = 0.0

    @property
    def slope(self) -> Floats:
        """Derivative of log(expected above / expected below) by the coefficients."""
        sides = [self.expected[side] @ self.design[side] / self.expected[side].sum() for side in (self.up, self.down)]
        return np.asarray(sides[0] - sides[1])

    @property
    def log_odds_variance(self) -> float:
        """Sampling variance of log(expected above / expected below)."""
        return float(self.slope @ self.covariance @ self.slope) + self.borrowed


@dataclass(frozen=True)
class Bunching:
    """n: households in the window, `above` of them over the line, where the curve puts a share `usual`.

    p: of so many above (one-sided); z: the classical statistic of the two excesses. moved: half of excess above less
    excess below; excess: above the line only. low, high: interval of above / n - usual.
    """

    n: int
    above: int
    usual: float
    p: float
    z: float
    excess: float
    moved: float
    moved_share: float
    low: float
    high: float

    @property
    def effect(self) -> float:
        """Share of the window's households that the curve would put below the line."""
        return self.above / self.n - self.usual if self.n else float("nan")


def fit_curve(
    counts: Floats,
    line: float,
    window: Window,
    degree: int,
    shape: Curve | None = None,
    without: npt.NDArray[np.bool_] | None = None,
) -> Curve:
    """Fit the curve to counts by bin. shape: a larger group's curve that this one follows up to a polynomial tilt.

    without: further bins that the fit leaves out. Raises ValueError if the fit does not come to rest.
    """
    edges = window.edges(line)
    up = (edges >= line - 1e-9) & (edges < line + window.above - 1e-9)
    down = (edges < line - 1e-9) & (edges >= line - window.below - 1e-9)
    outside = ~(up | down) if without is None else ~(up | down | without)
    design = _design(edges, counts, outside, window, degree, heaps=shape is None)
    offset = np.zeros(len(edges)) if shape is None else np.log(np.maximum(shape.expected, 1e-12))
    b, information = _regress(counts[outside], design[outside], offset[outside])
    expected = np.exp(np.clip(offset + design @ b, -40, 40))
    rest = counts[outside] - expected[outside]
    freedom = max(1, int(outside.sum()) - design.shape[1])
    scale = max(1.0, float((rest**2 / np.maximum(expected[outside], 1e-6)).sum() / freedom))
    borrowed = 0.0 if shape is None else shape.log_odds_variance
    return Curve(
        edges, counts, expected, design, np.asarray(scale * np.linalg.inv(information)), scale, up, down, borrowed
    )


def _design(
    edges: Floats, counts: Floats, outside: npt.NDArray[np.bool_], window: Window, degree: int, heaps: bool
) -> Floats:
    z = 2 * (edges - edges[0]) / (edges[-1] - edges[0]) - 1
    columns = [legendre.legvander(z, degree)]
    for heap in window.heaps if heaps else ():
        on = np.abs(edges / heap - np.rint(edges / heap)) < 1e-6
        if counts[on & outside].sum() >= HEAPED_MIN and (outside & ~on).any():
            columns.append(on[:, None].astype(float))
    return np.hstack(columns)


def _regress(counts: Floats, design: Floats, offset: Floats) -> tuple[Floats, Floats]:
    """Poisson regression with a log link by Newton steps, halved until they help: coefficients and information."""
    b = np.zeros(design.shape[1])
    b[0] = np.log((counts.sum() + 0.5) / np.exp(offset).sum())

    def gain(at: Floats) -> float:
        log = np.clip(offset + design @ at, -40, 40)
        return float(counts @ log - np.exp(log).sum() - RIDGE / 2 * at @ at)

    best = gain(b)
    for _ in range(STEPS):
        mean = np.exp(np.clip(offset + design @ b, -40, 40))
        information = design.T @ (design * mean[:, None]) + RIDGE * np.eye(len(b))
        step = np.linalg.solve(information, design.T @ (counts - mean) - RIDGE * b)
        while (found := gain(b + step)) < best - CLOSE and np.abs(step).max() > CLOSE:
            step = step / 2
        b, last, best = b + step, best, found
        if best - last < CLOSE * (1 + abs(best)):
            return b, information
    raise ValueError(f"the curve did not come to rest in {STEPS} steps")


def judge_curve(curve: Curve) -> Bunching:
    """Test of the window's households: beta-binomial around the curve's share, with its error and overdispersion."""
    above, below = (float(curve.observed[side].sum()) for side in (curve.up, curve.down))
    mu_up, mu_down = (float(curve.expected[side].sum()) for side in (curve.up, curve.down))
    n, usual = above + below, mu_up / (mu_up + mu_down)
    spread = usual * (1 - usual)
    extra = (curve.scale - 1) + n * spread * curve.log_odds_variance
    rho = min(0.95, extra / max(n - 1, 1))
    both = curve.up * curve.expected - curve.down * curve.expected
    slope = both @ curve.design
    variance = float(slope @ curve.covariance @ slope) + curve.scale * (mu_up + mu_down)
    half = NORMAL * float(np.sqrt(_share_variance(above, n, curve, spread)))
    difference = (above - mu_up) - (below - mu_down)
    effect = above / n - usual if n else float("nan")
    return Bunching(
        n=int(n),
        above=int(above),
        usual=usual,
        p=_tail(int(above), int(n), usual, rho),
        z=difference / np.sqrt(variance),
        excess=above - mu_up,
        moved=difference / 2,
        moved_share=(mu_down - below) / mu_down,
        low=effect - half,
        high=effect + half,
    )


def roughness(counts: Floats, line: float, window: Window, degree: int) -> float:
    """Variance of log(above / below) that the curve leaves unexplained at lines where nothing happens.

    Honest incomes have bends of their own, which no polynomial follows. The test is repeated at other lines near by,
    half a window apart, whose windows do not touch the real one; what deviations vary beyond chance is the answer.
    """
    edges = window.edges(line)
    real = (edges >= line - window.below - 1e-9) & (edges < line + window.above - 1e-9)
    step = (window.below + window.above) / 2
    deviations, variances = [], []
    for turn in range(-NEARBY, NEARBY + 1):
        other = line + window.width * round(turn * step / window.width)
        low, high = window.low + other - line, window.high - (other - line)
        if abs(other - line) < window.below + window.above or low < window.below or high < window.above:
            continue
        there = Window(window.width, low, high, window.below, window.above, window.heaps)
        curve = fit_curve(counts, other, there, degree, without=real)
        above, below = (float(counts[side].sum()) for side in (curve.up, curve.down))
        ratio = curve.expected[curve.up].sum() / curve.expected[curve.down].sum()
        deviations.append(np.log((above + 0.5) / (below + 0.5)) - np.log(ratio))
        variances.append(curve.scale * (1 / (above + 0.5) + 1 / (below + 0.5)) + curve.log_odds_variance)
    if not deviations:
        return 0.0
    return max(0.0, float(np.mean(np.square(deviations)) - np.mean(variances)))


def _share_variance(above: float, n: float, curve: Curve, spread: float) -> float:
    share = (above + 0.5) / (n + 1)
    return curve.scale * share * (1 - share) / max(n, 1) + spread**2 * curve.log_odds_variance


def _tail(above: int, n: int, usual: float, rho: float) -> float:
    """P(at least `above` of n), the share being `usual` with intra-class correlation rho."""
    if n == 0:
        return float("nan")
    if rho < 1e-9:
        return float(stats.binom.sf(above - 1, n, usual))
    a, b = usual * (1 - rho) / rho, (1 - usual) * (1 - rho) / rho
    return float(min(1.0, max(0.0, stats.betabinom.sf(above - 1, n, a, b))))
