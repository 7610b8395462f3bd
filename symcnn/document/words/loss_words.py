"""What the loss of a network is made of besides its name: a mean over samples, a penalty."""

from __future__ import annotations

from symcnn.document.context import Context
from symcnn.equations import accesses


def over_samples(context: Context) -> str:
    """Return "the mean over the 3 samples of ", or nothing where there is one sample.

    What is summed over further axes of an output, such as the places of a sequence, is said too.
    """
    network = context.derivation.network
    samples, how = network.batch or 1, reduction(context)
    over = f"the {how} over the {samples} samples of " if how else ""
    places = network.output.of_one_sample().shape[:-1]
    return f"{over}the sum over all positions of " if any(n > 1 for n in places) else over


def reduction(context: Context) -> str:
    """Return "mean" or "sum" if the loss is that of the losses of several samples."""
    samples = context.derivation.network.batch or 1
    share = context.derivation.network.loss.share(samples)
    return ("sum" if share == 1 else "mean" if share * samples == 1 else "") * (samples > 1)


def penalty(context: Context) -> str:
    """Return ", plus an L2 penalty on the weights", if equations of the loss read any."""
    network = context.derivation.network
    weights = {tensor.base for tensor in network.parameters}
    own = (e for e in network.loss_stage.equations if e.target.base == network.loss_tensor.base)
    is_penalised = any(read.base in weights for e in own for read in accesses(e.value))
    return ", plus an L2 penalty on the weights" if is_penalised and network.loss.l2 else ""
