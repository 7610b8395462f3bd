"""Why each step of the backward pass is as it is: sentences with gaps for letters."""

REASONS = {
    "loss": "The backward pass begins here: $L$ is a function of {own}, and its derivative "
    "with respect to {own} is the first error signal.",
    "loss again": "$L$ also depends on {own} directly{contribution}.",
    "penalty": "The penalty term of the loss depends on {own} directly.",
    "routing": "A maximum equals its winning entry, and a small change of a smaller entry does "
    "not change it, so the whole error signal of a window goes to the winning entry and the others "
    "receive 0: {R} is {first} and 0 for the others.",
    "routing of terms": "Each maximum equals its largest term, so its whole error signal goes "
    "to that term, and {own} receives it multiplied by the term's derivative with respect to "
    "{own}. The other terms receive 0: {R} is {first} and 0 for the others.",
    "routing again": "As before, the error signal of each window goes to the winning entry: "
    "{R} is {first} and 0 for the others.",
    "shared routing": "A maximum equals its largest entries, and a small change of a smaller entry "
    "does not change it, so the error signal of a window is shared equally among the largest "
    "entries and the others receive 0: {R} is {first} and 0 for the others.",
    "shared routing of terms": "Each maximum equals its largest terms, so its error signal is "
    "shared equally among them, and {own} receives each share multiplied by the term's "
    "derivative with respect to {own}. The other terms receive 0: {R} is {first} and 0 for "
    "the others.",
    "shared routing again": "As before, the error signal of each window is shared equally "
    "among its largest entries: {R} is {first} and 0 for the others.",
    "log-sum-exp": "The derivative of the logarithm of a sum of exponentials with respect to "
    "one of its arguments is that argument's share of the sum, the softmax {share}.",
    "mean": "{each_result} is a mean of entries of {own}, each of which receives an equal share "
    "of its error signal.",
    "mean of terms": "{each_result} is a mean of terms. Each term receives an equal "
    "share of its error signal, and {own} receives that share multiplied by the term's "
    "derivative with respect to {own}.",
    "function": "{each_result} is a function of {single_own}, so its error signal is "
    "multiplied by the derivative of that function.",
    "function again": "Again a function of single entries: the error signal is multiplied by "
    "the derivative of that function.",
    "renaming": "{own} and {result} hold the same numbers under different indices, so the "
    "error signal is only reindexed.",
    "summand": "{own} enters {result} with the factor 1, so the error signal is passed on "
    "unchanged.",
    "paths": "{an_own} can contribute to several entries of {result}. By the chain rule, the "
    "error signal of each of these is multiplied by its derivative with respect to {the_own}, "
    "and the products are summed.",
    "paths again": "{an_own} can contribute to several entries of {result}; as before, the "
    "products of their error signals and derivatives are summed.",
    "paths of a number": "{own} contributes to several entries of {result}. By the chain rule, the "
    "error signal of each of these is multiplied by its derivative with respect to {own}, and the "
    "products are summed.",
    "paths again of a number": "{own} contributes to several entries of {result}; as before, the "
    "products of their error signals and derivatives are summed.",
    "factor": "{an_own} enters {result} multiplied by a factor, so the error signal of {result} "
    "is multiplied by the same factor.",
    "slope": "The error signal of {result} is multiplied by the derivative of {result} with "
    "respect to {own}.",
    "shared": "The entries of {own} are shared: each is used {at}, each time multiplied by some "
    "factor. All these uses affect the loss: by the chain rule, the derivative with respect to an "
    "entry is the sum, over all of its uses, of the error signal there times this factor.",
    "shared factor": "The entries of {own} are shared: {entry} is used {at}, where it is "
    "multiplied by {factor}. All these uses affect the loss: by the chain rule, the derivative "
    "with respect to {entry} is the sum, over all of them, of the error signal there times this "
    "factor.",
    "shared factor of a number": "{own} is used {at}, where it is multiplied by {factor}. All "
    "these uses affect the loss: by the chain rule, the derivative with respect to {own} is the "
    "sum, over all of them, of the error signal there times this factor.",
    "shared product": "The entries of {own} are shared: each is used {at}. By the chain "
    "rule, its derivative is the sum, over all these uses, of the error signal there times the "
    "number that it is multiplied by.",
    "shared products": "The entries of {own} are shared: each is used {at}, where it is multiplied "
    "by several numbers. By the chain rule, its derivative is the sum of all these numbers, each "
    "times the error signal there.",
    "shared slope": "The entries of {own} are shared: each is used {at}. By the chain rule, its "
    "derivative is the sum, over all these uses, of the error signal there times the derivative "
    "of {result} with respect to {own}.",
    "shared again": "The entries of {own} are shared as well: each is used {at}. "
    "Again its derivative is the sum of the error signals there, each times the number that the "
    "entry is multiplied by.",
    "shared again of a number": "{own} is used {at} as well. Again its derivative is the sum of "
    "the error signals there, each times the number that {own} is multiplied by.",
    "shared summand": "{own} is added {at}, so its derivative is the sum of the "
    "error signals there.",
    "selected": "{an_own} is taken over by the entries of {result} for which {ids} selects it, so "
    "its derivative is the sum of their error signals.",
    "once": "{each_own} is used once, so its derivative is the error signal times the number "
    "that {it} is multiplied by.",
    "once again": "{each_own} is used once: its derivative is the error signal times its factor.",
    "once summand": "{each_own} is added once, so its derivative is the error signal itself.",
}
"""The reasons by the kinds of steps, some in other words for a single number.

Those that recall a reason are called like it, and again.
"""
