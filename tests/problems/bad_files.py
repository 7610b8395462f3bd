"""Files that are no problem: what was done to the example, and what the error must say."""

from tests.problems.example import TEXT, changed

FILTERS = "filters = 3"
POOL = 'type = "max_pool2d"'
DENSE = "weight = [0.1, 0.5, 0.6]"
TITLE = 'title = "CNN by hand"'
POOLING = 'type = "max_pool2d"\npool_size = [2, 1]\nstride = 1'
SIGMOID = 'type = "sigmoid"'
LOSS = 'type = "half_squared_error"'
SHARING = 'type = "dense"\nunits = 1\nbias = false\ninputs = ["flatten1"]\nweight_from = "dense1"'
ANSWERS = f"{TEXT}\n[answers]\n"
DEEP = "[" * 400 + "]" * 400

ORIGIN = f"{TEXT}\n[origin.arrays]\n"
"""dense1.weight has 3 entries, and conv1.weight 6."""


def held(part, shape="[3]"):
    return f"{ORIGIN}w = {{ shape = {shape}, parts = [{{ {part} }}] }}\n"


BAD = {
    # where a network is from
    "no table of arrays": (f"{TEXT}\n[origin]\narrays = 1", ["origin arrays is 1", "a table"]),
    "an array without a shape": (f"{ORIGIN}w = {{}}\n", ["origin.arrays 'w'", "'shape'", "list"]),
    "a length below 0": (f"{ORIGIN}w = {{ shape = [-1] }}\n", ["'w'", "[-1]", "10 lengths"]),
    "numbers of no type": (
        f'{ORIGIN}w = {{ shape = [3], parts = [], numbers = "str" }}\n',
        ["'w'", "numbers is 'str'", "float64, float32"],
    ),
    "another tensor": (held('tensor = "v"'), ["'w', parts", "no numbers 'v'", "correct"]),
    "other sizes": (
        held('tensor = "dense1.weight", sizes = [2], steps = [1]'),
        ["dense1.weight has 3 entries", "as many"],
    ),
    "steps that leave the array": (
        held('tensor = "dense1.weight", sizes = [3], steps = [2]'),
        ["dense1.weight", "outside of the array", "steps"],
    ),
    "listed entries that leave it": (
        held('tensor = "dense1.weight", entries = [0, 1, -1]'),
        ["dense1.weight", "outside of the array"],
    ),
    "another rest": (
        f"{ORIGIN}w = {{ shape = [2], parts = [], rest = [1] }}\n",
        ["'w'", "rest is not 2 numbers"],
    ),
    "too many entries": (
        held('tensor = "dense1.weight", sizes = [3], steps = [1]', "[10000000, 10000000]"),
        ["'w'", "too many entries"],
    ),
    # a shape that does not fit
    "kernel too large": (
        changed("kernel_size = [2, 1] ", "kernel_size = [4, 1] "),
        ["layers[0]", "4 entries", "padded input has only 3", "smaller kernel"],
    ),
    "stride 0": (changed("stride = 1", "stride = 0"), ["layers[1]", "stride = 0", "positive"]),
    "groups": (changed(FILTERS, FILTERS + "\ngroups = 2"), ["layers[0]", "groups = 2", "divide"]),
    "no flatten": (changed('type = "flatten"', 'type = "tanh"'), ["layers[3]", "flatten"]),
    "no axis": (changed("[3, 1, 1]", "[]"), ["input shape", "0 axes"]),
    "empty axis": (changed("[3, 1, 1]", "[3, 0, 1]"), ["input shape", "positive"]),
    # arrays
    "weight shape": (
        changed("0.1, -0.1,  0.2,\n", ""),
        ["layers[0] (conv2d) weight", "shape 3", "2x1x1x3", "flat list of 6"],
    ),
    "ragged": (changed(DENSE, "weight = [[0.1, 0.5], [0.6]]"), ["(dense) weight", "ragged"]),
    "values": (changed("[1, 0.4, 0.7]", "[1, 0.4]"), ["input values", "3x1x1"]),
    "target": (changed("[0.8]", "[0.8, 1]"), ["loss (half_squared_error) target"]),
    "no weight": (changed(DENSE, ""), ["layers[3] (dense)", "'weight'", "missing", "1x3"]),
    "no values": (changed("values = [1, 0.4, 0.7]", ""), ["input", "'values'", "3x1x1"]),
    "no target": (changed("target = [0.8]", ""), ["loss", "'target'", "missing"]),
    "no bias": (
        changed("units = 1\nbias = false", "units = 1"),
        ["layers[3] (dense)", "bias_values", "missing", "bias = false"],
    ),
    "idle bias": (changed(DENSE, DENSE + "\nbias_values = [0]"), ["bias_values", "remove"]),
    # how exact answers have to be
    "digits 0": (ANSWERS + "digits = 0", ["answers", "digits is 0", "from 1 to 12"]),
    "digits of text": (ANSWERS + 'digits = "4"', ["answers digits", "whole number"]),
    "tolerance in words": (ANSWERS + 'tolerance = "some"', ["answers", "'some'", '"1 unit"']),
    "tolerance below 0": (ANSWERS + "tolerance = -0.1", ["answers", "tolerance", '"0.1 %"']),
    "tolerance 0": (ANSWERS + 'tolerance = "0 units"', ["answers", "above 0", "1000"]),
    "tolerance in a list": (ANSWERS + "tolerance = [1]", ["answers", "tolerance", '"1 unit"']),
    "large tolerance": (ANSWERS + 'tolerance = "101 %"', ["answers", "at most 100"]),
    "truncation": (ANSWERS + 'truncation = "yes"', ["answers", "'yes'", '"accepted"']),
    "quantities in a text": (ANSWERS + 'quantities = "conv1"', ["answers quantities", "a list"]),
    "no quantities": (ANSWERS + "quantities = []", ["answers", "quantities is empty"]),
    "a number for a quantity": (ANSWERS + "quantities = [1]", ["answers quantities[0]"]),
    "points in a number": (ANSWERS + "points = 3", ["answers points is 3", "[points]"]),
    "points below 0": (ANSWERS + "points.loss = -1", ["answers", "points of loss", "non-negative"]),
    "many points": (ANSWERS + "points.loss = 1e5", ["answers", "points of loss", "10,000"]),
    "points in words": (ANSWERS + 'points.loss = "many"', ["answers points loss", "'many'"]),
    "key of answers": (ANSWERS + "digit = 3", ["answers", "'digit'", "did you mean 'digits'"]),
    # keys and types
    "misspelt key": (
        changed(FILTERS, "filtres = 3"),
        ["layers[0] (conv2d)", "'filtres'", "did you mean 'filters'", "kernel_size"],
    ),
    "missing key": (changed(FILTERS, ""), ["layers[0] (conv2d)", "'filters'", "missing"]),
    "misspelt section": (changed("[training]", "[trainning]"), ["'trainning'", "'training'"]),
    "misspelt type": (changed(POOL, 'type = "maxpool2d"'), ["layers[1]", "'max_pool2d'"]),
    "no type": (changed(POOL, ""), ["layers[1]", "'type'", "conv2d"]),
    "type of no text": (changed(POOL, "type = 3"), ["layers[1]", "3 is unknown"]),
    "unknown input": (
        changed(FILTERS, FILTERS + '\ninputs = ["y"]'),
        ["layers[0]", "'y' is not an earlier layer", "x"],
    ),
    "unknown loss": (changed("half_squared_error", "triplet"), ["loss", "'triplet' is unknown"]),
    "ties": (changed(POOL, POOL + '\nties = "last"'), ["layers[1]", "'last'", "split"]),
    "padding": (changed(POOL, POOL + '\npadding = "full"'), ["layers[1]", "'full'", "same"]),
    "layers of one value": (
        changed("title", "layers = 3\n[other]\ntitle").split("[[layers]]")[0],
        ["'other'"],
    ),
    "input of one value": ("input = 3\nlayers = []\n", ["loss"]),
    "layer of one value": ("layers = [3]\n", ["layers[0] is 3", "[[layers]]"]),
    "no layers": ('title = "a"\n', ["'layers'", "missing"]),
    "empty file": ("", ["'layers'", "missing"]),
    # graphs
    "inputs of one name": (
        changed(FILTERS, FILTERS + '\ninputs = "x"'),
        ["(conv2d) inputs is 'x'", "list of names"],
    ),
    "two inputs of one": (
        changed(SIGMOID, SIGMOID + '\ninputs = ["flatten1", "dense1"]'),
        ["layers[4] (Sigmoid)", "2 inputs", "takes one"],
    ),
    "no input": (changed(FILTERS, FILTERS + "\ninputs = []"), ["layers[0]", "inputs is empty"]),
    "nothing to add": (changed(POOLING, 'type = "add"'), ["layers[1] (Add)", "inputs = "]),
    "shapes that do not add": (
        changed(POOLING, 'type = "add"\ninputs = ["x", "conv1"]'),
        ["layers[1] (Add)", "(3, 1, 1), (2, 1, 3)", "equal shape"],
    ),
    "images that do not concatenate": (
        changed(POOLING, 'type = "concatenate"\ninputs = ["x", "conv1"]'),
        ["layers[1] (Concatenate)", "only in the last axis"],
    ),
    "weights of nobody": (
        changed(DENSE, 'weight_from = "dense0"'),
        ["layers[3] (Dense)", "'dense0' is not an earlier layer", "conv1"],
    ),
    "weights of another shape": (
        changed(DENSE, 'weight_from = "conv1"'),
        ["layers[3] (Dense)", "weight_from = 'conv1'", "(1, 3)", "(2, 1, 1, 3)"],
    ),
    "weights of a layer without": (
        changed(DENSE, 'weight_from = "pool1"'),
        ["layers[3] (Dense)", "weight_from = 'pool1'", "none"],
    ),
    "shared weights for nothing": (
        changed(SIGMOID, SIGMOID + '\nweight_from = "dense1"'),
        ["layers[4] (Sigmoid)", "no parameters", "remove"],
    ),
    "shared weights with numbers": (
        changed(SIGMOID, SHARING + "\nweight = [1, 2, 3]"),
        ["layers[4] (dense)", "weight is given, but weight_from = 'dense1'", "remove"],
    ),
    # settings of particular types
    "batch norm of one value": (
        changed(SIGMOID, 'type = "batch_norm"\naffine = false'),
        ["layers[4] (BatchNorm)", "one value per channel", "batch = "],
    ),
    "idle gamma": (
        changed(POOLING, 'type = "batch_norm"\naffine = false\nweight = [1, 1, 1]'),
        ["layers[1] (batch_norm)", "weight is given, but affine = false", "remove"],
    ),
    "no gamma": (
        changed(POOLING, 'type = "batch_norm"'),
        ["layers[1] (batch_norm)", "'weight' is missing", "affine = false"],
    ),
    "epsilon below 0": (
        changed(POOLING, 'type = "batch_norm"\nepsilon = -1'),
        ["layers[1] (BatchNorm)", "epsilon is -1", "give 0 or a positive number"],
    ),
    "alpha of text": (
        changed(SIGMOID, 'type = "elu"\nalpha = "small"'),
        ["layers[4] (elu) alpha is 'small'", "give a number"],
    ),
    "alpha true": (
        changed(SIGMOID, 'type = "leaky_relu"\nalpha = true'),
        ["layers[4] (leaky_relu) alpha is True", "finite number"],
    ),
    "a pool over padding alone": (
        changed(
            POOLING, 'type = "avg_pool2d"\npool_size = 1\npadding = 1\ncount_include_pad = false'
        ),
        ["layers[1] (AvgPool2D)", "padding = 1", "smaller than the window"],
    ),
    "a sequence for an image": (
        changed('type = "conv2d"', 'type = "conv1d"'),
        ["layers[0] (Conv1D)", "(3, 1, 1)", "(length, channels)"],
    ),
    "nothing left": (
        changed(POOLING, 'type = "conv_transpose2d"\nfilters = 1\nkernel_size = 1\npadding = 1'),
        ["layers[1] (ConvTranspose2D)", "leaves 0 output entries", "less padding"],
    ),
    "a divisor of average pools alone": (
        changed(POOL, 'type = "max_pool2d"\ndivisor = 2'),
        ["layers[1] (max_pool2d)", "'divisor' is unknown"],
    ),
    # losses
    "target no distribution": (
        changed(LOSS, 'type = "softmax_cross_entropy"'),
        ["target's numbers 1 to 1 sum to 4/5", "distribution"],
    ),
    "negative l2": (changed(LOSS, LOSS + "\nl2 = -0.1"), ["l2 is -1/10", "non-negative"]),
    "l2 of text": (changed(LOSS, LOSS + '\nl2 = "much"'), ["loss (half_squared_error) l2"]),
    "no gradient": (
        changed(LOSS, 'type = "upstream"').replace("target = [0.8]", ""),
        ["loss (upstream)", "'gradient' is missing", "shape 1"],
    ),
    "a sum with a target": (changed(LOSS, 'type = "sum"'), ["loss (sum)", "'target'", "l2"]),
    "no reduction": (
        changed(LOSS, 'type = "upstream"\nreduction = "sum"\ngradient = [1]'),
        ["loss (upstream)", "'reduction'"],
    ),
    # numbers
    "text for a number": (
        changed("[1, 0.4, 0.7]", '[1, "two", 0.7]'),
        ["input values[1]", "'two'", "1/3"],
    ),
    "code for a number": (
        changed("[0.8]", "[\"__import__('os').system('true')\"]"),
        ["target[0]", "__import__", "give a number"],
    ),
    "division by zero": (changed("[0.8]", '["1/0"]'), ["target[0]", "'1/0'"]),
    "nan": (changed("[0.8]", "[nan]"), ["target[0]", "NaN", "finite"]),
    "infinity": (changed("[0.8]", "[-inf]"), ["target[0]", "-Infinity", "finite"]),
    "true for a number": (changed("[0.8]", "[true]"), ["target[0]", "True"]),
    "date for a number": (changed("[0.8]", "[2020-01-01]"), ["target[0]", "2020-01-01"]),
    "table for a number": (changed("[0.8]", "[{a = 1}]"), ["target[0]", "a table"]),
    "huge exponent": (changed("[0.8]", "[1e999999999]"), ["target[0]", "10^300"]),
    "huge exponent in text": (changed("[0.8]", '["1e999999999"]'), ["target[0]", "10^300"]),
    "exponent beyond all": (changed("[0.8]", f"[1e{'9' * 40}]"), ["target[0]"]),
    "tiny exponent": (changed("[0.8]", "[1e-999999999]"), ["target[0]", "400 digits"]),
    "huge integer": (changed("[0.8]", f"[0x{'f' * 9000}]"), ["target[0]", "36000 bits"]),
    "endless integer": (changed("[0.8]", f"[{'9' * 5000}]"), ["thousands of digits"]),
    "text for a count": (changed(FILTERS, 'filters = "3"'), ["(conv2d) filters", "whole number"]),
    "half a filter": (changed(FILTERS, "filters = 2.5"), ["(conv2d) filters", "2.5"]),
    "list of filters": (changed(FILTERS, "filters = [3]"), ["(conv2d) filters"]),
    "true filters": (changed(FILTERS, "filters = true"), ["(conv2d) filters", "True"]),
    "minus one filter": (changed(FILTERS, "filters = -1"), ["layers[0]", "filters = -1"]),
    "number for a flag": (changed("bias = false", "bias = 1"), ["(conv2d) bias", "true or false"]),
    "learning rate": (changed("= 0.5", "= 0"), ["learning rate", "positive"]),
    "learning rate of text": (changed("= 0.5", '= "fast"'), ["training learning_rate", "'fast'"]),
    "batch": (changed("[3, 1, 1]", "[3, 1, 1]\nbatch = 0"), ["batch = 0"]),
    # text
    "title with a line feed": (changed(TITLE, 'title = "a\\nb"'), ["title", "'a\\nb'"]),
    "title of no text": (changed(TITLE, "title = 3"), ["title is 3"]),
    "name with a dot": (changed(POOL, POOL + '\nname = "a."'), ["layers[1]", "'a.'", "dot"]),
    "name with an escape": (changed(POOL, POOL + '\nname = "\\u001b[31m"'), ["'\\x1b[31m'"]),
    "empty name": (changed(POOL, POOL + '\nname = ""'), ["layers[1] (max_pool2d) name"]),
    "name taken": (
        changed(POOL, POOL + '\nname = "conv1"'),
        ["layers[1]", "'conv1' is already taken"],
    ),
    "name of the input": (
        changed(POOL, POOL + '\nname = "x"'),
        ["layers[1]", "'x' is already taken"],
    ),
    "long name": (changed(POOL, POOL + f'\nname = "{"a" * 61}"'), ["layers[1]", "60"]),
    "endless name": (changed(POOL, POOL + f'\nname = "{"a" * 10**6}"'), ["layers[1]", "2,000"]),
    "control character in a key": (changed(FILTERS, '"a\\u0007" = 3'), ["layers[0]", "'a\\x07'"]),
    "long key": (changed(FILTERS, f"{'f' * 10**5} = 3"), ["layers[0]", "unknown"]),
    # size
    "10^14 entries": (
        changed("[3, 1, 1]", "[10_000_000, 10_000_000, 1]"),
        ["conv1 alone", "smaller"],
    ),
    "10^12 filters": (changed(FILTERS, "filters = 1_000_000_000_000"), ["conv1", "smaller"]),
    "10^12 units": (changed("units = 1", "units = 1_000_000_000_000"), ["dense1.weight alone"]),
    "10^12 rows": (changed("[2, 1] ", "[1_000_000_000_000, 1] "), ["layers[0]", "smaller kernel"]),
    "10^12 zeros around": (
        changed(POOL, POOL + "\npadding = 1_000_000_000_000"),
        ["layers[1]", "padding"],
    ),
    "10^12 samples": (changed("[3, 1, 1]", "[3, 1, 1]\nbatch = 1_000_000_000_000"), ["entries"]),
    "10^30 filters": (changed(FILTERS, f"filters = 1{'0' * 30}"), ["(conv2d) filters", "10^18"]),
    "5,001 layers": (
        TEXT + '\n[[layers]]\ntype = "tanh"' * 4996,
        ["5,001 layers", "use fewer layers"],
    ),
    # files
    "a key of 20,000 names": (
        TEXT + "\n[a" + ".a" * 20_000 + "]",
        ["dotted names", f"line {TEXT.count(chr(10)) + 2} has"],
    ),
    "quoted names": (TEXT + "\n" + '"a b" . ' * 20_000 + "c = 1", ["dotted names"]),
    "no TOML": ("x = [1, 2\ny", ["not valid TOML", "line 2"]),
    "null characters": ("title = 'a\0b'", ["not valid TOML", "line 1"]),
    "no UTF-8": (b"title = '\xff'", ["UTF-8"]),
    "nested too deeply": (changed("[0.8]", DEEP), ["nested too deeply"]),
    "nested rather deeply": (changed("[0.8]", "[" * 12 + "]" * 12), ["nested too deeply"]),
    # what sets a source right
    "unknown source": ('reconcile = "other"\n' + changed("title", "# title"), ["'other'"]),
    "another network": (
        'reconcile = "cnn_by_hand_as_published"\n' + changed("0.4", "0.5"),
        ["reconcile", "remove"],
    ),
}
