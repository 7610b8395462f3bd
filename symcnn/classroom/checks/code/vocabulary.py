"""What authors call arrays and settings: an input is X or inputs, the padding is pad."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

ERROR_SIGNAL = "dout"
"""The name of the derivative of the loss with respect to the output."""

OUTPUT = "y"
"""The name of the output, which some backward passes are given, and most are not."""

_ARRAYS: Mapping[str, frozenset[str]] = {
    role: frozenset(words.split())
    for role, words in {
        ERROR_SIGNAL: "dout dy dz dh da do grad_output grad_outputs grad_out grad_y grad_z grad "
        "gradient gradients output_gradient output_grad out_grad gradient_output upstream "
        "upstream_grad upstream_gradient upstream_derivative delta deltas delta_out delta_next "
        "next_delta error err error_signal output_error residual eta accum_grad top_diff dl_dout "
        "dl_dy dl_dz dl_do dl_dh dldy dldz dldout d_l_d_out de_dy d_out d_output doutput d_y dl "
        "dlout dscores dnext cotangent ct gy g_out",
        "x": "x input inputs inp in_ input_data input_tensor layer_input a a_prev h h_prev data "
        "image images img imgs features feature_map feature_maps prev x_in xs z src source scores "
        "logits activation activations bottom last_input",
        "weight": "w weight weights kernel kernels filter filters filt k f gamma theta scale gain "
        "wt mat conv_weight conv_w slope",
        "bias": "b bias biases beta shift offset conv_bias conv_b",
        "mean": "mean mu running_mean moving_mean",
        "variance": "variance var running_var running_variance moving_var moving_variance sigma2",
        "mask": "mask masks dropout_mask d",
        "target": "target targets t y label labels y_true truth expected",
        "y": "y out output outputs a z h y_out y_hat",
        "prediction": "prediction predictions predicted pred preds y_pred ypred y_hat yhat output "
        "outputs out p q prob probs probability probabilities x input inputs scores logits z a h",
    }.items()
}

_SETTINGS: Mapping[str, tuple[str, ...]] = {
    name: tuple(words.split())
    for name, words in {
        "stride": "stride strides s step steps",
        "padding": "padding pad pads p",
        "dilation": "dilation dilations dilation_rate d",
        "groups": "groups group num_groups n_groups g",
        "kernel_size": "kernel_size kernel_shape filter_size ksize k f",
        "pool_size": "pool_size pool pool_shape window window_size kernel_size ksize size f k",
        "output_padding": "output_padding out_pad out_padding op",
        "epsilon": "epsilon eps",
        "alpha": "alpha slope negative_slope leak",
        "rate": "rate drop_rate dropout_rate p",
        "norm": "norm p ord",
        "mode": "mode",
    }.items()
}

_BUNDLES = ("param", "params", "parameters", "hparams", "config", "settings", "options", "opts")

_AXES = {"d": -3, "depth": -3, "h": -2, "height": -2, "w": -1, "width": -1}

_PIECE = re.compile(r"(.+?)_?(depth|height|width|d|h|w)", re.IGNORECASE)
_NUMBERED = re.compile(r"(.*?)_?(\d+)")
_OF_GRADIENT = (
    re.compile(r"(?:dL_?d|dl_?d|delta_|grad_|gradient_|gradients_|d_|d|g_)(.+)"),
    re.compile(r"(.+?)_(?:grad|gradient|grads|delta)"),
)


def array_called(word: str, names: Sequence[str]) -> str | None:
    """Return the array that an author calls by a word, among some names; None if none is.

    >>> array_called("A_prev", ("dout", "x")), array_called("W2", ("a.weight", "b.weight"))
    ('x', 'b.weight')
    """
    exact = [n for n in names if word.lower() in (n.lower(), n.lower().replace(".", "_"))]
    if exact:
        return exact[0]
    found = list(_of_role(word, names))
    if len(found) == 1 or (found and "." not in "".join(found)):
        return found[0]
    return _numbered(word, names)


def _of_role(word: str, names: Sequence[str]) -> Iterable[str]:
    plain = word.lower().strip("_")
    roles = [role for role, words in _ARRAYS.items() if plain in words]
    return (name for role in roles for name in names if name.rpartition(".")[2] == role)


def _numbered(word: str, names: Sequence[str]) -> str | None:
    if (parts := _NUMBERED.fullmatch(word)) is None:
        return None
    found, number = list(_of_role(parts[1], names)), int(parts[2])
    return found[number - 1] if 1 <= number <= len(found) else None


def gradient_called(word: str, names: Sequence[str]) -> str | None:
    """Return the array whose gradient an author calls by a word.

    >>> gradient_called("dA_prev", ("x", "weight")), gradient_called("grad_weight", ("x", "weight"))
    ('x', 'weight')
    """
    stems = (m[1] for form in _OF_GRADIENT if (m := form.fullmatch(word)) is not None)
    found = (array_called(stem, names) for stem in (*stems, word))
    return next((name for name in found if name is not None), None)


def setting_called(word: str, settings: Collection[str]) -> str | None:
    """Return the setting that an author calls by a word, among those of the layer.

    >>> setting_called("pad", ("stride", "padding"))
    'padding'
    """
    if word in settings:
        return word
    plain = word.lower().strip("_")
    return next((s for s in settings if plain in _SETTINGS.get(s, ())), None)


def piece_called(word: str, settings: Collection[str]) -> tuple[str, int] | None:
    """Return the setting and its axis, counted from the end, of one of several numbers.

    >>> piece_called("pool_height", ("pool_size", "stride")), piece_called("sw", ("stride",))
    (('pool_size', -2), ('stride', -1))
    """
    if (parts := _PIECE.fullmatch(word)) is None:
        return None
    name = setting_called(parts[1], settings)
    return None if name is None else (name, _AXES[parts[2].lower()])


def is_bundle(word: str) -> bool:
    """Tell whether a parameter is a dictionary of settings, as ``params`` and the like are."""
    return word.lower().rpartition("_")[2].removeprefix("h") in _BUNDLES


def spellings(setting: str) -> tuple[str, ...]:
    """Return the keys under which dictionaries of settings hold one."""
    return (setting, *_SETTINGS.get(setting, ()))
