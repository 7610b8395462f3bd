"""What an equation of the forward pass does: sentences with gaps for letters."""

SENTENCES = {
    "convolution": "The kernel slides over {x}: at each position the entries that it covers "
    "are multiplied by the weights of a filter, one by one, and the products are summed.",
    "convolution again": "Again a kernel slides, now over {x}.",
    "pointwise": "The kernel covers a single position of {x} at a time: the entries there are "
    "multiplied by the weights of a filter, one by one, and the products are summed.",
    "mixed": "A window slides over {x}: at each position every entry in it is multiplied by "
    "every weight of a filter, and the products are summed.",
    "correlation": "The indices of weight and entry increase together, so that strictly "
    "speaking this is a cross-correlation: a convolution would flip the kernel. Where the "
    "weights are learned, the difference does not matter, and most frameworks call this a "
    "convolution.",
    "transposed": "Each entry of {x} adds a copy of the kernel, multiplied by the entry, to "
    "{y}; where copies overlap they are summed.",
    "weighted": "Each entry of {y} is a weighted sum of entries of {x}.",
    "weighted number": "{y} is a weighted sum of entries of {x}.",
    "bias": "A bias is added to the sum.",
    "maximum": "A window slides over {x}, and the largest entry in it is kept.",
    "maximum once": "A window lies on {x} at one position, and the largest entry in it is kept.",
    "maximum of terms": "Each entry of {y} is the largest of several terms, which are "
    "computed from entries of {read}.",
    "window": "A window slides over {x}, and the entries in it are summed, each with the same "
    "factor.",
    "average": "A window slides over {x}, and the mean of the entries in it is taken.",
    "window once": "A window lies on {x} at one position, and the entries in it are summed, each "
    "with the same factor.",
    "average once": "A window lies on {x} at one position, and the mean of the entries in it is "
    "taken.",
    "number of terms": "Each entry of {y} is the number of entries in a window, without padding.",
    "number of terms and padding": "Each entry of {y} is the number of entries in a window that "
    "lie in the input or in its padding.",
    "exponentials": "Each entry of {y} is the logarithm of a sum of exponentials.",
    "exponentials number": "{y} is the logarithm of a sum of exponentials.",
    "mean": "Each entry of {y} is the mean of entries of {x}.",
    "mean number": "{y} is the mean of entries of {x}.",
    "mean of terms": "Each entry of {y} is the mean of terms, which are computed from entries "
    "of {read}.",
    "sum": "Each entry is a sum over entries of {x}.",
    "terms": "Each entry of {y} is a sum of terms, which are computed from entries of {read}.",
    "function": "The same function is applied to every entry.",
    "function of a number": "A function is applied to {x}.",
    "computed": "Each entry of {y} is computed from entries of {read}.",
    "renamed": "The entries are reindexed, row by row; no number changes.",
    "copied": "Each entry of {y} is an entry of {read}; no number changes.",
    "constant": "The entries of {y} are constants that depend on their position alone.",
    "joined": "The entries of {read} are concatenated.",
    "added": "Entries at the same position are added.",
    "stride": "From one position to the next the window moves by {n}: this is the stride.",
    "stride of a kernel": "From one entry of {x} to the next the kernel moves by {n}: this is "
    "the stride.",
    "dilation": "The entries that the window covers are {n} apart: this is the dilation.",
    "stride of its length": "From one position to the next the window moves by {n}: this is the "
    "stride. It equals the length of the window, so that windows do not overlap.",
    "padding": "Near the border the window may extend beyond {x}. There it meets zero padding, "
    "entries that count as 0, so that these terms are omitted.",
    "padding of a mean": "Near the border the window may extend beyond {x}. There it meets "
    "padding, which takes no part in the mean.",
    "padding of a maximum": "Near the border the window may extend beyond {x}. There it meets "
    "padding, which takes no part in the maximum.",
    "padding again": "Beyond the border there is padding, as before.",
    "remainder": "Here $a \\bmod n$ is the remainder, from 0 to $n - 1$, that $a$ leaves when "
    "it is divided by $n$.",
    "selected": "The bracket selects terms: it is 1 where the entry of {ids}, which counts from 0, "
    "is the number with which it is compared, and 0 elsewhere.",
    "outside": "Terms whose indices lie outside {x} are omitted.",
    "cropped": "Whatever would fall outside {y} is cropped.",
}
"""The sentences by what an equation does; "once" where a window has one position."""

OF_A_NUMBER = {
    "weighted": "weighted number",
    "mean": "mean number",
    "exponentials": "exponentials number",
    "function": "function of a number",
}
"""What is said instead where the result is one number."""
