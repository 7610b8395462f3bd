// CNN by hand: the loss, its gradients and everything on the way.

/**
 * Numbers in the shape of a tensor: nested arrays, or typed ones.
 * @typedef {number | {readonly length: number, readonly [place: number]: Nested}} Nested
 */

/**
 * Numbers by the names of tensors.
 * @typedef {Readonly<Record<string, Nested>>} Values
 */

/**
 * All entries of tensors in row-major order, by the names of the tensors.
 * @typedef {object} Stages
 * @property {Record<string, Float64Array>} values the numbers of every tensor
 * @property {Record<string, Float64Array>} derivatives dL/dT, by the name of T
 * @property {Record<string, Float64Array>} routings for every maximum, 1 at the term that it
 *   takes and 0 elsewhere; one axis for each loop of its equation
 * @property {Record<string, Int32Array>} winners for every entry of a maximum, the place in its
 *   routing of the first largest term
 */

/**
 * The numbers of the example.
 * @type {Record<string, Nested>}
 */
export const VALUES = {
  "x": [[[1]], [[0.4]], [[0.7]]],
  "conv1.weight": [[[[0.2, 0.3, -0.1]]], [[[0.1, -0.1, 0.2]]]],
  "dense1.weight": [[0.1, 0.5, 0.6]],
  "target": [0.8],
};

/**
 * The shape of every tensor.
 * @type {Record<string, number[]>}
 */
export const SHAPES = {
  "x": [3, 1, 1],
  "conv1.weight": [2, 1, 1, 3],
  "conv1": [2, 1, 3],
  "pool1": [1, 1, 3],
  "flatten1": [3],
  "dense1.weight": [1, 3],
  "dense1": [1],
  "sigmoid1": [1],
  "target": [1],
  "gap for sigmoid1": [1],
  "loss": [1],
};

/**
 * What numbers are given for.
 * @type {string[]}
 */
const GIVEN = ["x", "conv1.weight", "dense1.weight", "target"];

/**
 * Of numbers that select entries, the length of the axis.
 * @type {Record<string, number>}
 */
const INDICES = {};

/**
 * What outputs are returned of.
 * @type {string[]}
 */
const OUTPUTS = ["conv1", "pool1", "flatten1", "dense1", "sigmoid1"];

/**
 * With respect to what gradients are returned.
 * @type {string[]}
 */
const GRADIENTS = ["x", "conv1.weight", "conv1", "pool1", "flatten1", "dense1.weight", "dense1",
    "sigmoid1"];

/**
 * Return everything on the way from the given numbers to the loss and back.
 * @param {Values} values numbers for every tensor of VALUES
 * @returns {Stages}
 * @throws {TypeError | RangeError} if a name, a shape or a number is wrong
 */
export function stages(values) {
  const given = numbersOf(values);
  const x = given["x"];
  const x_1 = x[0], x_2 = x[1], x_3 = x[2];
  const conv1_weight = given["conv1.weight"];
  const w_11 = conv1_weight[0], w_12 = conv1_weight[1], w_13 = conv1_weight[2], w_21 =
      conv1_weight[3], w_22 = conv1_weight[4], w_23 = conv1_weight[5];
  const dense1_weight = given["dense1.weight"];
  const w2_1 = dense1_weight[0], w2_2 = dense1_weight[1], w2_3 = dense1_weight[2];
  const target = given["target"];
  const t = target[0];

  // Forward pass.

  // z[i, j, k] = sum over c, u, v of w[u, v, c, k]*x[i + u, j + v, c]
  const z_11 = w_11*x_1 + w_21*x_2;
  const z_12 = w_12*x_1 + w_22*x_2;
  const z_13 = w_13*x_1 + w_23*x_2;
  const z_21 = w_11*x_2 + w_21*x_3;
  const z_22 = w_12*x_2 + w_22*x_3;
  const z_23 = w_13*x_2 + w_23*x_3;

  // p[r, s, k] = max over u, v of z[r + u, s + v, k]
  const p_1 = Math.max(z_11, z_21);
  const p_2 = Math.max(z_12, z_22);
  const p_3 = Math.max(z_13, z_23);

  // f[k + 3*r + 3*s] = p[r, s, k]
  const f_1 = p_1;
  const f_2 = p_2;
  const f_3 = p_3;

  // z^(2)[m] = sum over k of f[k]*w^(2)[m, k]
  const z2 = f_1*w2_1 + f_2*w2_2 + f_3*w2_3;

  // a[m] = sigmoid(z^(2)[m])
  const a = sigmoid(z2);

  // gap^a[m] = sigmoid(-z^(2)[m])
  const gap_a = sigmoid(-z2);

  // L[0] = sum over m of Piecewise((((1 - t[m]) - gap^a[m])**2, t[m] >= 1), ((a[m] - t[m])**2, True))/2
  const L = (1/2)*(t >= 1 ? square(-gap_a + (1 - t)) : square(a - t));

  // Backward pass: gradients, from the loss to the input.

  // The index of the largest entry of each window, counted from 0, by which what belongs to that
  // entry is selected below. For a window of two entries, whether the second is the largest.
  const k_p_1 = z_11 < z_21 ? 1 : 0;
  const k_p_2 = z_12 < z_22 ? 1 : 0;
  const k_p_3 = z_13 < z_23 ? 1 : 0;

  // delta^a[m] = Piecewise(((1 - t[m]) - gap^a[m], t[m] >= 1), (a[m] - t[m], True))
  const delta_a = t >= 1 ? -gap_a + (1 - t) : a - t;

  // delta^z(2)[m] = a[m]*delta^a[m]*gap^a[m]
  const delta_z2 = a*delta_a*gap_a;

  // delta^f[k] = sum over m of delta^z(2)[m]*w^(2)[m, k]
  const delta_f_1 = delta_z2*w2_1;
  const delta_f_2 = delta_z2*w2_2;
  const delta_f_3 = delta_z2*w2_3;

  // delta^w(2)[m, k] = delta^z(2)[m]*f[k]
  const delta_w2_1 = delta_z2*f_1;
  const delta_w2_2 = delta_z2*f_2;
  const delta_w2_3 = delta_z2*f_3;

  // delta^p[r, s, k] = delta^f[k + 3*r + 3*s]
  const delta_p_1 = delta_f_1;
  const delta_p_2 = delta_f_2;
  const delta_p_3 = delta_f_3;

  // delta^z[r + u, s + v, k] = R^p[r, s, k, u, v]*delta^p[r, s, k]
  const delta_z_11 = k_p_1 === 0 ? delta_p_1 : 0;
  const delta_z_12 = k_p_2 === 0 ? delta_p_2 : 0;
  const delta_z_13 = k_p_3 === 0 ? delta_p_3 : 0;
  const delta_z_21 = k_p_1 === 0 ? 0 : delta_p_1;
  const delta_z_22 = k_p_2 === 0 ? 0 : delta_p_2;
  const delta_z_23 = k_p_3 === 0 ? 0 : delta_p_3;

  // delta^x[i + u, j + v, c] = sum over k of delta^z[i, j, k]*w[u, v, c, k]
  const delta_x_1 = delta_z_11*w_11 + delta_z_12*w_12 + delta_z_13*w_13;
  const delta_x_2 = (
      delta_p_1*(k_p_1 === 0 ? w_21 : w_11) + delta_p_2*(k_p_2 === 0 ? w_22 : w_12)
      + delta_p_3*(k_p_3 === 0 ? w_23 : w_13)
  );
  const delta_x_3 = delta_z_21*w_21 + delta_z_22*w_22 + delta_z_23*w_23;

  // delta^w[u, v, c, k] = sum over i, j of delta^z[i, j, k]*x[i + u, j + v, c]
  const delta_w_11 = delta_p_1*(k_p_1 === 0 ? x_1 : x_2);
  const delta_w_12 = delta_p_2*(k_p_2 === 0 ? x_1 : x_2);
  const delta_w_13 = delta_p_3*(k_p_3 === 0 ? x_1 : x_2);
  const delta_w_21 = delta_p_1*(k_p_1 === 0 ? x_2 : x_3);
  const delta_w_22 = delta_p_2*(k_p_2 === 0 ? x_2 : x_3);
  const delta_w_23 = delta_p_3*(k_p_3 === 0 ? x_2 : x_3);

  // What is on the way besides.

  // R^p[r, s, k, u, v] = 1 for the term that p[r, s, k] equals, and 0 otherwise
  const R_p_11 = k_p_1 === 0 ? 1 : 0;
  const R_p_12 = k_p_1 === 0 ? 0 : 1;
  const R_p_21 = k_p_2 === 0 ? 1 : 0;
  const R_p_22 = k_p_2 === 0 ? 0 : 1;
  const R_p_31 = k_p_3 === 0 ? 1 : 0;
  const R_p_32 = k_p_3 === 0 ? 0 : 1;

  return {
    values: {
      "x": given["x"],
      "conv1.weight": given["conv1.weight"],
      "dense1.weight": given["dense1.weight"],
      "target": given["target"],
      "conv1": Float64Array.of(z_11, z_12, z_13, z_21, z_22, z_23),
      "pool1": Float64Array.of(p_1, p_2, p_3),
      "flatten1": Float64Array.of(f_1, f_2, f_3),
      "dense1": Float64Array.of(z2),
      "sigmoid1": Float64Array.of(a),
      "gap for sigmoid1": Float64Array.of(gap_a),
      "loss": Float64Array.of(L),
    },
    derivatives: {
      "x": Float64Array.of(delta_x_1, delta_x_2, delta_x_3),
      "conv1.weight": Float64Array.of(delta_w_11, delta_w_12, delta_w_13, delta_w_21, delta_w_22,
        delta_w_23),
      "conv1": Float64Array.of(delta_z_11, delta_z_12, delta_z_13, delta_z_21, delta_z_22,
        delta_z_23),
      "pool1": Float64Array.of(delta_p_1, delta_p_2, delta_p_3),
      "flatten1": Float64Array.of(delta_f_1, delta_f_2, delta_f_3),
      "dense1.weight": Float64Array.of(delta_w2_1, delta_w2_2, delta_w2_3),
      "dense1": Float64Array.of(delta_z2),
      "sigmoid1": Float64Array.of(delta_a),
    },
    routings: {
      "pool1": Float64Array.of(R_p_11, R_p_12, R_p_21, R_p_22, R_p_31, R_p_32),
    },
    winners: {
      "pool1": Int32Array.of(R_p_11 !== 0 ? 0 : 1, R_p_21 !== 0 ? 2 : 3, R_p_31 !== 0 ? 4 : 5),
    },
  };
}

/**
 * Return the loss L, every layer's output and dL/dT for every tensor T, as nested arrays.
 * @param {Values} values numbers for every tensor of VALUES
 * @returns {{loss: number, outputs: Record<string, Nested>, gradients: Record<string, Nested>}}
 * @throws {TypeError | RangeError} if a name, a shape or a number is wrong, or a result not finite
 */
export function lossAndGradients(values) {
  const made = stages(values);
  const outputs = finite(OUTPUTS, made.values, "");
  const gradients = finite(GRADIENTS, made.derivatives, "dL/d ");
  finite(["loss"], made.values, "");
  return { loss: made.values["loss"][0], outputs, gradients };
}

/**
 * Refuse numbers that select no entry of an axis.
 * @param {Float64Array} row
 * @param {string} name
 * @param {number} length
 */
function checkIndices(row, name, length) {
  const wrong = row.findIndex((n) => !Number.isInteger(n) || n < 0 || n >= length);
  if (wrong >= 0) {
    throw new RangeError(
      `${name}, number ${wrong + 1}, is ${row[wrong]}, but it is an index: ` +
        `give a whole number from 0 to ${length - 1}`,
    );
  }
}

/**
 * Write the entries of nested arrays into a row, from a place on; return the place behind them.
 * @param {unknown} value
 * @param {string} name
 * @param {Float64Array} row
 * @param {number} place
 * @returns {number}
 */
function fill(value, name, row, place) {
  if (isRow(value)) {
    let next = place;
    for (let n = 0; n < value.length; n++) {
      next = fill(value[n], name, row, next);
    }
    return next;
  }
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new TypeError(
      `${name}, number ${place + 1}, is ${shown(value)}: a finite number is needed`,
    );
  }
  row[place] = value;
  return place + 1;
}

/**
 * Return results, all of which are finite, as nested arrays by the name of their tensors.
 * @param {readonly string[]} names
 * @param {Record<string, Float64Array>} rows
 * @param {string} what
 * @returns {Record<string, Nested>}
 */
function finite(names, rows, what) {
  /** @type {[string, Nested][]} */
  const made = names.map((name) => {
    const wrong = rows[name].findIndex((entry) => !Number.isFinite(entry));
    if (wrong >= 0) {
      throw new RangeError(
        `${what}${name}, number ${wrong + 1}, is ${rows[name][wrong]}: a division by 0, ` +
          "a logarithm of 0 or an overflow occurs: choose other numbers",
      );
    }
    return [name, nested(rows[name], SHAPES[name])];
  });
  return Object.fromEntries(made);
}

/**
 * Tell whether a value is an array, or a typed one.
 * @param {unknown} value
 * @returns {value is ArrayLike<unknown>}
 */
function isRow(value) {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}

/**
 * Return a row of numbers as nested arrays of a shape.
 * @param {ArrayLike<number>} row
 * @param {readonly number[]} shape
 * @returns {Nested}
 */
function nested(row, shape) {
  let place = 0;
  /** @type {(axis: number) => Nested} */
  const part = (axis) => {
    if (axis === shape.length) {
      return row[place++];
    }
    const made = [];
    for (let n = 0; n < shape[axis]; n++) {
      made.push(part(axis + 1));
    }
    return made;
  };
  return part(0);
}

/**
 * Return the numbers of every given tensor in a row, checked.
 * @param {Values} values
 * @returns {Record<string, Float64Array>}
 */
function numbersOf(values) {
  if (typeof values !== "object" || values === null) {
    throw new TypeError(`the values are ${shown(values)}: give an object such as VALUES`);
  }
  for (const name of Object.keys(values)) {
    if (!GIVEN.includes(name)) {
      const known = GIVEN.join(", ");
      throw new TypeError(`the network takes no numbers for ${shown(name)}: choose from ${known}`);
    }
  }
  /** @type {Record<string, Float64Array>} */
  const rows = Object.create(null);
  for (const name of GIVEN) {
    if (!Object.hasOwn(values, name)) {
      throw new TypeError(`numbers for ${shown(name)} are missing: give them in the values`);
    }
    rows[name] = rowOf(values[name], name, SHAPES[name]);
  }
  for (const [name, length] of Object.entries(INDICES)) {
    checkIndices(rows[name], name, length);
  }
  return rows;
}

/**
 * Return the numbers for one tensor in a row: of nested arrays of its shape, or of a flat one.
 * @param {unknown} value
 * @param {string} name
 * @param {readonly number[]} shape
 * @returns {Float64Array}
 */
function rowOf(value, name, shape) {
  const size = shape.reduce((product, length) => product * length, 1);
  const found = shapeOf(value, name);
  const isFlat = found.length <= 1 && (found[0] ?? 1) === size;
  if (!isFlat && String(found) !== String(shape)) {
    const itself = found.length === 0 ? "of a single number" : found.join("x");
    throw new RangeError(
      `${name} has the shape ${itself}, but ${shape.join("x")} is needed: ` +
        `give nested arrays of that shape or one flat array of ${size} numbers`,
    );
  }
  const row = new Float64Array(size);
  fill(value, name, row, 0);
  return row;
}

/**
 * Return the shape of nested arrays; a number has none.
 * @param {unknown} value
 * @param {string} name
 * @returns {number[]}
 */
function shapeOf(value, name) {
  if (!isRow(value)) {
    return [];
  }
  const first = value.length > 0 ? shapeOf(value[0], name) : [];
  for (let n = 1; n < value.length; n++) {
    const isNumber = first.length === 0 && !isRow(value[n]);
    if (!isNumber && String(shapeOf(value[n], name)) !== String(first)) {
      throw new TypeError(`${name} is ragged: give every row the same number of entries`);
    }
  }
  return [value.length, ...first];
}

/**
 * Return a value as an error quotes it, on one line and not too long.
 * @param {unknown} value
 * @returns {string}
 */
function shown(value) {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 36)} ...` : text;
}

/**
 * Return 1/(1 + exp(-z)); no exponent is positive, so nothing overflows.
 * @param {number} z
 * @returns {number}
 */
function sigmoid(z) {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}

/**
 * Return z times z.
 * @param {number} z
 * @returns {number}
 */
function square(z) {
  return z * z;
}
