"""A small network over the raw scores of all heads: what one head knows corrects the other.

Stacked generalisation (Wolpert 1992): the linear scores go through one hidden layer of rectified units (Nair and Hinton
2010), fitted on scores of messages by hands that the linear model had not seen. Several networks are averaged by
standing side by side in one hidden layer. Since the layer is piecewise linear, every score still is an exact sum over
n-grams (`linearise`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from model import kernels

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Blend:
    """One hidden layer.

    Parameters
    ----------
    enter : float32 (n_inputs, n_hidden)
    enter_bias : float32 (n_hidden,)
    leave : float32 (n_hidden, n_outputs)
    leave_bias : float32 (n_outputs,)

    Examples
    --------
    >>> unit = np.eye(2, dtype=np.float32)
    >>> blend = Blend(unit, np.zeros(2, np.float32), 2 * unit, np.ones(2, np.float32))
    >>> blend.apply(np.array([[1.0, -1.0]], np.float32)).tolist()
    [[3.0, 1.0]]
    """

    enter: Floats
    enter_bias: Floats
    leave: Floats
    leave_bias: Floats

    def apply(self, scores: Floats) -> Floats:
        """Return blended scores, float32 (n_messages, n_outputs), of raw ones (n_messages, n_inputs).

        Raises ValueError where the width is another.
        """
        if scores.shape[1] != len(self.enter):  # the compiled loop does not look where it reads
            raise ValueError(
                f"the blend reads {len(self.enter)} numbers a message, not {scores.shape[1]}: pass the encoder's vectors"
            )
        out = np.empty((len(scores), self.leave.shape[1]), np.float32)
        kernels.blend(scores, self.enter, self.enter_bias, self.leave, self.leave_bias, out)
        return out

    def linearise(self, scores: Floats) -> tuple[Floats, Floats]:
        """Return the linear map that the layer is at one message's scores.

        Parameters
        ----------
        scores : float32 (n_inputs,)

        Returns
        -------
        weights : float32 (n_inputs, n_outputs)
        constant : float32 (n_outputs,)
            `scores @ weights + constant` is what `apply` gives.
        """
        open_units = scores @ self.enter + self.enter_bias > 0
        leave = self.leave[open_units]
        return self.enter[:, open_units] @ leave, self.enter_bias[open_units] @ leave + self.leave_bias

    def state(self) -> dict[str, Any]:
        """Return plain arrays: what is stored."""
        return {name: getattr(self, name) for name in ("enter", "enter_bias", "leave", "leave_bias")}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Blend:
        """Rebuild from `state()`; raises KeyError or TypeError where it is not such a state."""
        return cls(**{name: np.asarray(state[name]) for name in ("enter", "enter_bias", "leave", "leave_bias")})
